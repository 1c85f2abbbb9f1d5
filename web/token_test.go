package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tenor"
)

// H22: other machines are let in with a token only; `serve` asks this before it listens.
func TestH22RemoteBindNeedsToken(t *testing.T) {
	for addr, open := range map[string]bool{
		"127.0.0.1:8080": true, "localhost:0": true, "[::1]:8080": true, "127.9.9.9:1": true,
		"0.0.0.0:8080": false, ":8080": false, "[::]:8080": false, "192.168.1.5:80": false, "example.com:80": false, "localhost.example.com:80": false,
	} {
		err := CheckBind(addr, "")
		if open != (err == nil) || err != nil && (!errors.Is(err, tenor.ErrUsage) || !strings.Contains(err.Error(), "token")) {
			t.Errorf("%s without a token: %v", addr, err)
		}
		if err := CheckBind(addr, "s3cret"); err != nil {
			t.Errorf("%s with a token: %v", addr, err)
		}
	}
	if err := CheckBind("nonsense", "s3cret"); !errors.Is(err, tenor.ErrUsage) {
		t.Errorf("an address without a port: %v", err)
	}
}

func TestTokenGuardsEverything(t *testing.T) {
	const token = "correct horse"
	h := handlerOf(t, seeded(t), Options{Token: token})
	get := func(address string, set func(*http.Request)) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "http://tenor.example"+address, nil)
		if set != nil {
			set(r)
		}
		return send(h, r)
	}
	for _, address := range append([]string{"/static/x.css", "/nothing", "/?token=wrong", "/?token="}, routes...) {
		w := get(address, nil)
		if address == "/healthz" {
			if w.Code != http.StatusOK {
				t.Errorf("/healthz answers %d", w.Code)
			}
		} else if w.Code != http.StatusUnauthorized || strings.Contains(w.Body.String(), "Quill") {
			t.Errorf("%s without a token answers %d", address, w.Code)
		}
	}
	for _, header := range []string{token, "Bearer", "Bearer wrong", "Basic " + token, "bearer" + token} {
		if w := get("/quotes", func(r *http.Request) { r.Header.Set("Authorization", header) }); w.Code != http.StatusUnauthorized {
			t.Errorf("Authorization: %s answers %d", header, w.Code)
		}
	}
	if w := get("/quotes", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }); w.Code != http.StatusOK {
		t.Errorf("the token answers %d", w.Code)
	}

	// One visit with the token leaves a cookie and an address without the token.
	w := get("/quotes?stance=bullish&token="+url.QueryEscape(token), nil)
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/quotes?stance=bullish" {
		t.Errorf("the visit answers %d to %q", w.Code, to)
	}
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || strings.Contains(cookie.Value, token) {
		t.Errorf("the cookie is %v", cookie)
	}
	if w := get("/quotes", func(r *http.Request) { r.AddCookie(cookie) }); w.Code != http.StatusOK {
		t.Errorf("the cookie answers %d", w.Code)
	}
}

// H21: of 12 addresses that look like another host none leads away from the server.
func TestH21NoOpenRedirect(t *testing.T) {
	guarded := handlerOf(t, seeded(t), Options{Token: "t"})
	open := handlerOf(t, seeded(t), Options{})
	for _, path := range []string{
		"//elsewhere.example", "//elsewhere.example/", "///elsewhere.example", "/\\elsewhere.example", "/%5Celsewhere.example", "/%2F/elsewhere.example",
		"/.//elsewhere.example", "/..//elsewhere.example", "//elsewhere.example/%2e%2e", "/https:elsewhere.example", "/%09/elsewhere.example", "//user@elsewhere.example",
	} {
		for i, h := range []http.Handler{guarded, open} {
			query := []string{"?token=t", "?q="}[i]
			r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/", nil)
			target, err := url.ParseRequestURI(path + query)
			if err != nil {
				continue // no server would accept it
			}
			target.Host, target.Scheme = "", ""
			r.URL = target
			to := send(h, r).Header().Get("Location")
			if to == "" {
				continue
			}
			if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\") {
				t.Errorf("%s%s leads to %q", path, query, to)
			}
		}
	}
}

// H21: without a token only this machine's own names are served, so that no page
// elsewhere can reach the store by making its name resolve to 127.0.0.1.
func TestH21ForeignHostIsRefused(t *testing.T) {
	h := handlerOf(t, seeded(t), Options{})
	for host, want := range map[string]int{
		"127.0.0.1:8080": 200, "localhost:8080": 200, "LOCALHOST": 200, "[::1]:8080": 200, "tenor.localhost": 200,
		"evil.example": 403, "127.0.0.1.evil.example": 403, "192.168.0.7:8080": 403, "localhost.evil.example:8080": 403, "": 403,
	} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/about", nil)
		r.Host = host
		if w := send(h, r); w.Code != want {
			t.Errorf("Host: %s answers %d, want %d", host, w.Code, want)
		}
	}
}
