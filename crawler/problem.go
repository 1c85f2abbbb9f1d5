package crawler

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"unicode"

	"tenor"
)

// problem is why a page was not taken, in one sentence for people, and whether a
// rule forbade it (Skipped) or it was tried in vain (Failed).
type problem struct {
	state  tenor.FetchState
	reason string
	status int // of the answer, if one came
	cause  error
}

func (p *problem) Error() string { return p.reason }
func (p *problem) Unwrap() error { return p.cause }

func failed(format string, args ...any) *problem {
	return &problem{state: tenor.Failed, reason: fmt.Sprintf(format, args...)}
}

func skipped(format string, args ...any) *problem {
	return &problem{state: tenor.Skipped, reason: fmt.Sprintf(format, args...)}
}

// explain makes a problem of any error of the network.
func explain(err error, host string) *problem {
	var p *problem
	if errors.As(err, &p) {
		return p
	}
	f := func(format string, args ...any) *problem {
		p := failed(format, args...)
		p.cause = err
		return p
	}
	var dns *net.DNSError
	var verify *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var timeout net.Error
	var wrapped *url.Error
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return f("no such host: %s; check the spelling and the connection", host)
	case errors.As(err, &dns):
		return f("the name %s could not be looked up; check the connection", host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return f("%s refused the connection", host)
	case isBrokenConnection(err):
		return f("%s broke the connection off", host)
	case errors.As(err, &verify), errors.As(err, &authority):
		return f("the certificate of %s is not valid", host)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return f("%s did not answer in time", host)
	case errors.As(err, &wrapped):
		return f("%s could not be read: %s", host, wrapped.Err)
	}
	return f("%s could not be read: %s", host, err)
}

// answerProblem says what an HTTP status other than success means for the reader.
func answerProblem(status int, host string) *problem {
	p := failed("the server answered %d %s", status, http.StatusText(status))
	p.reason = strings.TrimSpace(p.reason)
	p.status = status
	switch {
	case status == http.StatusTooManyRequests:
		p.reason = fmt.Sprintf("%s asks for fewer requests (429); it is tried again in the next crawl", host)
	case status == http.StatusUnauthorized || status == http.StatusPaymentRequired || status == http.StatusForbidden:
		p.reason = fmt.Sprintf("%s does not let Tenor in (%d %s)", host, status, http.StatusText(status))
	case status >= 500:
		p.reason += "; it is tried again in the next crawl"
	}
	return p
}

// sentence makes outside words fit for one line of a log, a table or a database
// row: no control characters, no more than 300 bytes.
func sentence(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:297], "") + "…"
	}
	return s
}
