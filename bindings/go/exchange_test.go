package pwseal

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"
)

// A server is the API on the loopback interface, as tests/server has it: it checks the token and the headers, and decrypts with
// the private key what comes. It refuses the first question after a status with 429, and has a page for the second one.
type server struct {
	url, token string
	in         io.Writer
	out        *bufio.Reader
}

func startServer(t *testing.T) *server {
	t.Helper()
	path := os.Getenv("PWSEAL_TEST_SERVER")
	if path == "" {
		path = "../../target/debug/pwseal-test-server"
	}
	command := exec.Command(path)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err, "(cargo build --package pwseal-test-server makes it)")
	}
	t.Cleanup(func() {
		in.Close()
		command.Wait()
	})
	s := &server{in: in, out: bufio.NewReader(out)}
	if _, err := fmt.Fscanln(s.out, &s.url, &s.token); err != nil {
		t.Fatal(err)
	}
	return s
}

// password is the one that an account has now.
func (s *server) password(t *testing.T, account string) string {
	t.Helper()
	fmt.Fprintln(s.in, account)
	line, err := s.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	password, err := hex.DecodeString(strings.TrimSuffix(line, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return string(password)
}

// send adds the token and sends a request.
func (s *server) send(t *testing.T, request *http.Request, err error) *http.Response {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+s.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func newAPIAt(t *testing.T, url string) *API {
	t.Helper()
	api, err := NewAPIAt(V2026, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	return api
}

func TestAPasswordIsSetOverHTTP(t *testing.T) {
	s := startServer(t)
	api := newAPIAt(t, s.url)
	ctx := context.Background()

	request, err := api.QueryPasswordInfo(ctx, "Abby.Smith", "My-AD")
	info, err := ReadPasswordInfo(s.send(t, request, err))
	if err != nil {
		t.Fatal(err)
	}
	defer info.Close()
	change, err := info.ChangeRequest("Abby.Smith", []byte(password), ChangeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer change.Close()
	request, err = api.SetPassword(ctx, change)
	ordered, err := ReadPasswordChange(s.send(t, request, err))
	if err != nil || ordered.State != InProgress {
		t.Fatal(ordered, err)
	}
	if set := s.password(t, exampleAccount); set != "" {
		t.Error("the password is set at once")
	}

	poll := StatusPoll{}
	if delay := poll.Delay(0); delay <= 0 || delay > time.Minute {
		t.Error(delay)
	}
	var steps []string
	for elapsed := time.Duration(0); len(steps) < 10; {
		request, err = api.PasswordChangeStatus(ctx, ordered.RequestID)
		next, err := poll.Next(elapsed, s.send(t, request, err))
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, fmt.Sprint(next.Step, " ", next.Err != nil, " ", next.Status.State))
		var refused *APIError
		if next.Err != nil && !errors.As(next.Err, &refused) {
			t.Error(next.Err)
		}
		if len(steps) == 1 && (refused.StatusCode != 429 || !refused.Retryable || refused.RetryAfter != time.Second ||
			next.After < time.Second || !errors.Is(refused, ErrAnswerRefused)) {
			t.Errorf("%+v %+v", next, refused)
		}
		if next.Step != AskAgain {
			if !reflect.DeepEqual(next.Status.SourceIDs, []string{"2c91"}) || len(next.Status.Errors) != 0 || next.After != 0 {
				t.Errorf("%+v", next)
			}
			break
		}
		elapsed += next.After
	}
	if want := []string{"0 true ", "0 true ", "0 false IN_PROGRESS", "1 false FINISHED"}; !reflect.DeepEqual(steps, want) {
		t.Error(steps)
	}
	if set := s.password(t, exampleAccount); set != password {
		t.Errorf("%q", set)
	}

	request, err = api.PasswordChangeStatus(ctx, ordered.RequestID)
	status, err := ReadPasswordStatus(s.send(t, request, err))
	if err != nil || status.State != Finished || status.RequestID != ordered.RequestID {
		t.Error(status, err)
	}

	request, err = api.GenerateDigitToken(ctx, "Abby.Smith", DigitTokenOptions{Length: 8})
	token, err := ReadDigitToken(s.send(t, request, err))
	if err != nil || string(token.Digits) != "01234567" || token.RequestID != "e1267ecd" {
		t.Error(string(token.Digits), token.RequestID, err)
	}
}

func TestARefusalIsTyped(t *testing.T) {
	s := startServer(t)
	api := newAPIAt(t, s.url)
	request, err := api.QueryPasswordInfo(context.Background(), "Nobody", "My-AD")
	_, err = ReadPasswordInfo(s.send(t, request, err))
	var refused *APIError
	var full *Error
	if !errors.As(err, &refused) || !errors.As(err, &full) || !errors.Is(err, ErrAnswerRefused) || refused.StatusCode != 404 ||
		refused.DetailCode != "404.1 Error" || refused.TrackingID != "b21b1f7ce4da4d639f2c62a57171b427" ||
		refused.Text != "There is no such person." || refused.Retryable || refused.RetryAfter != 0 ||
		!strings.Contains(err.Error(), "There is no such person.") {
		t.Errorf("%+v", err)
	}
	s.token = "wrong"
	request, err = api.QueryPasswordInfo(context.Background(), "Abby.Smith", "My-AD")
	_, err = ReadPasswordInfo(s.send(t, request, err))
	if !errors.As(err, &refused) || refused.StatusCode != 401 {
		t.Error(err)
	}
}

// answer is what a server sends in place of the API's.
func answer(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"X\r\ny": {"\xff"}}, Body: io.NopCloser(strings.NewReader(body))}
}

func TestAnAnswerThatIsNoneSaysSo(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		code   Code
	}{
		{200, `{"requestId": "a"}`, ErrAnswerNotFromTheAPI}, // set-password has 202
		{202, `<html>`, ErrAnswerUnreadable},
		{502, `<html>`, ErrAnswerNotFromTheAPI},
		{202, strings.Repeat(" ", 1<<20) + `{"requestId": "a"}`, ErrAnswerTooLong},
		{7, ``, ErrOutOfRange},
	} {
		change, err := ReadPasswordChange(answer(test.status, test.body))
		if !errors.Is(err, test.code) || change != (PasswordChange{}) {
			t.Error(test.status, err)
		}
	}
	change, err := ReadPasswordChange(answer(202, strings.Repeat(" ", 900_000)+`{"requestId": "a"}`))
	if err != nil || change.RequestID != "a" {
		t.Error(change, err)
	}
	change, err = ReadPasswordChange(answer(202, `{"requestId": null}`))
	if err != nil || change != (PasswordChange{}) {
		t.Error(change, err)
	}
	broken := answer(202, "")
	broken.Body = io.NopCloser(io.MultiReader(strings.NewReader("{"), brokenReader{}))
	if _, err := ReadPasswordChange(broken); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error(err)
	}
	next, err := StatusPoll{Patience: time.Nanosecond}.Next(time.Hour, answer(200, `{"state": "IN_PROGRESS"}`))
	if err != nil || next.Step != TimedOut {
		t.Error(next, err)
	}
	next, err = StatusPoll{}.Next(time.Hour, answer(404, `{"detailCode": "404"}`))
	if err != nil || next.Step != Refused || next.Err == nil {
		t.Error(next, err)
	}
	next, err = StatusPoll{}.Next(time.Hour, answer(200, `{"state": "FAILED", "errors": ["in the history"]}`))
	if err != nil || next.Step != ChangeFailed || next.Status.Errors[0] != "in the history" {
		t.Error(next, err)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestARequestThatCannotBeMadeSaysWhy(t *testing.T) {
	for _, tenant := range []string{"", "a.b", "\xff"} {
		if _, err := NewAPI(V2026, tenant); !errors.Is(err, ErrInvalidTenant) && !errors.Is(err, ErrInvalidUTF8) {
			t.Error(tenant, err)
		}
	}
	if _, err := NewAPI(77, "acme"); !errors.Is(err, ErrOutOfRange) {
		t.Error(err)
	}
	if _, err := NewAPIAt(V3, "http://example.com"); !errors.Is(err, ErrInvalidBaseURL) {
		t.Error(err)
	}
	api, err := NewAPI(V3, "acme")
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if _, err := api.PasswordChangeStatus(ctx, ""); !errors.Is(err, ErrInvalidRequestID) {
		t.Error(err)
	}
	if _, err := api.GenerateDigitToken(ctx, "a", DigitTokenOptions{}); !errors.Is(err, ErrNotInVersion) {
		t.Error(err)
	}
	request, err := api.QueryPasswordInfo(ctx, "Abby.Smith", "My-AD")
	if err != nil || request.URL.String() != "https://acme.api.identitynow.com/v3/query-password-info" || request.Method != "POST" {
		t.Error(request, err)
	}
	for _, change := range []*ChangeRequest{nil, {}} {
		if _, err := api.SetPassword(ctx, change); err != ErrClosed {
			t.Error(err)
		}
	}
	for _, response := range []*http.Response{nil, {StatusCode: 200}} {
		if _, err := ReadPasswordInfo(response); err == nil || !strings.Contains(err.Error(), "no response") {
			t.Error(err)
		}
	}
	api.Close()
	if _, err := api.QueryPasswordInfo(ctx, "a", "b"); err != ErrClosed {
		t.Error(err)
	}
}

// A 307 asks the client to send the body elsewhere: whoever has it and a token can set the password.
func TestABodyIsNotSentToWhereARedirectPoints(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the request went elsewhere")
	}))
	defer elsewhere.Close()
	var received []byte
	here := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		received, _ = io.ReadAll(request.Body)
		http.Redirect(writer, request, elsewhere.URL, http.StatusTemporaryRedirect)
	}))
	defer here.Close()
	change, err := exampleInfo(t).ChangeRequest("", []byte(password), ChangeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := change.Body()
	if err != nil {
		t.Fatal(err)
	}
	request, err := newAPIAt(t, here.URL).SetPassword(context.Background(), change)
	if err != nil {
		t.Fatal(err)
	}
	body := request.Body.(*wipedBody)
	all := body.all
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_, err = ReadPasswordChange(response)
	var refused *APIError
	if !errors.As(err, &refused) || refused.StatusCode != 307 || string(received) != string(want) {
		t.Errorf("%v %s", err, received)
	}
	if strings.Trim(string(all), "\x00") != "" {
		t.Error("the body is not wiped")
	}
	if _, err := body.Read(make([]byte, 1)); err != http.ErrBodyReadAfterClose {
		t.Error(err)
	}
}
