package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"

	"tenor"
)

// CheckBind refuses to listen where strangers can reach the server unless a
// token guards it. The error is one sentence for people, an ErrUsage.
func CheckBind(addr, token string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("address %q is not like 127.0.0.1:8080 (%w)", addr, tenor.ErrUsage)
	}
	if token != "" || isLoopback(host) {
		return nil
	}
	return fmt.Errorf("refusing to listen on %s, which other machines can reach, without a token: "+
		"set one with --token, or listen on 127.0.0.1 (%w)", addr, tenor.ErrUsage)
}

// isLoopback reports whether a host, without port, is this machine to itself. A
// name other than localhost may resolve to anything and is not.
func isLoopback(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return ip != nil && ip.IsLoopback()
}

// requireLocalHost refuses, on a server without a token, requests that were sent
// to another name than this machine's own: a page elsewhere whose name is made
// to resolve to 127.0.0.1 (DNS rebinding) could read the store through a browser.
func (v *view) requireLocalHost(token string, next http.Handler) http.Handler {
	if token != "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if !isLoopback(host) {
			http.Error(w, "Open this server by its own address, such as http://127.0.0.1:8080/, "+
				"or start it with a token.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

const cookieName = "tenor_session"

// requireToken lets through who sends the token as "Authorization: Bearer …" or
// bears the cookie that one visit with ?token=… left. /healthz is open.
func (v *view) requireToken(token string, next http.Handler) http.Handler {
	if token == "" {
		return next
	}
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("tenor session"))
	session := hex.EncodeToString(mac.Sum(nil))

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/healthz" {
			next.ServeHTTP(w, r)
			return
		}
		if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok && same(bearer, token) {
			next.ServeHTTP(w, r)
			return
		}
		if q := r.URL.Query(); q.Has("token") && same(q.Get("token"), token) {
			http.SetCookie(w, &http.Cookie{
				Name: cookieName, Value: session, Path: "/", MaxAge: 30 * 24 * 3600,
				HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil,
			})
			q.Del("token")
			http.Redirect(w, r, localAddress(r.URL.Path, q), http.StatusSeeOther)
			return
		}
		if c, err := r.Cookie(cookieName); err == nil && same(c.Value, session) {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", "Bearer")
		http.Error(w, "This server needs a token: open the address with ?token=… once, "+
			"or send it as \"Authorization: Bearer …\".", http.StatusUnauthorized)
	})
}

// same compares in a time that does not depend on where the two differ. Hashes
// hide the length too.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// localAddress is an address on this server. path.Clean keeps "//elsewhere" and
// the like from naming another host.
func localAddress(p string, q url.Values) string {
	u := url.URL{Path: path.Clean("/" + p), RawQuery: q.Encode()}
	return u.String()
}
