package pwseal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"unsafe"
)

// An APIVersion is a published version of the API.
type APIVersion int32

// The versions.
const (
	Beta APIVersion = iota
	// V3 has no digit tokens.
	V3
	V2024
	V2025
	V2026
	// V1 is that of the layout in which each API has a version of its own: the newest one.
	V1
)

type operation int32

const (
	queryPasswordInfo operation = iota
	setPassword
	passwordChangeStatus
	generateDigitToken
)

// API is a tenant's API in one version. It makes requests, and sends none. Many goroutines may use one.
//
// A request lacks the bearer token: set the header, or send it by a client that does. The body of set-password cannot be read
// twice, so that no client sends it to where a redirect points, and is wiped when the client closes it: to send it again, make
// another request of the same change.
type API struct {
	handle *handle
}

// NewAPI is the API of a tenant, at https://TENANT.api.identitynow.com.
func NewAPI(version APIVersion, tenant string) (*API, error) {
	return apiOf(apiNew(version, tenant))
}

// NewAPIAt is the API at another address, such as a vanity domain or a proxy. A path in it comes before the API's own. http: is
// taken for the machine itself only.
func NewAPIAt(version APIVersion, baseURL string) (*API, error) {
	return apiOf(apiAt(version, baseURL))
}

func apiOf(pointer unsafe.Pointer, err error) (*API, error) {
	if err != nil {
		return nil, err
	}
	return &API{newHandle(pointer, apiFree)}, nil
}

// object is the library's: nil for an API that is nil.
func (api *API) object() *handle {
	if api == nil {
		return nil
	}
	return api.handle
}

// Close gives the API back. What was made of it stays.
func (api *API) Close() {
	api.object().close()
}

// QueryPasswordInfo is the request of query-password-info: the person's login name, and the display name of the source.
// [ReadPasswordInfo] reads the answer.
func (api *API) QueryPasswordInfo(ctx context.Context, userName, sourceName string) (*http.Request, error) {
	return api.request(ctx, false, func(pointer unsafe.Pointer) (unsafe.Pointer, error) {
		return apiQueryPasswordInfo(pointer, userName, sourceName)
	})
}

// SetPassword is the request of set-password. [ReadPasswordChange] reads the answer.
func (api *API) SetPassword(ctx context.Context, change *ChangeRequest) (*http.Request, error) {
	return api.request(ctx, true, func(pointer unsafe.Pointer) (request unsafe.Pointer, err error) {
		err = change.object().use(func(change unsafe.Pointer) (err error) {
			request, err = apiSetPassword(pointer, change)
			return err
		})
		return request, err
	})
}

// PasswordChangeStatus is the request of password-change-status: the id is what set-password answered. [ReadPasswordStatus]
// reads the answer, or [StatusPoll.Next], which also says how to go on.
func (api *API) PasswordChangeStatus(ctx context.Context, requestID string) (*http.Request, error) {
	return api.request(ctx, false, func(pointer unsafe.Pointer) (unsafe.Pointer, error) {
		return apiPasswordChangeStatus(pointer, requestID)
	})
}

// DigitTokenOptions are what the server decides where they are 0.
type DigitTokenOptions struct {
	// Length is how many digits there are, 6 to 18.
	Length uint32
	// Minutes is for how long the token is valid, 1 to 60.
	Minutes uint32
}

// GenerateDigitToken is the request of generate-password-reset-token: a token of digits with which a person may reset a password.
// [ReadDigitToken] reads the answer.
func (api *API) GenerateDigitToken(ctx context.Context, userID string, options DigitTokenOptions) (*http.Request, error) {
	return api.request(ctx, false, func(pointer unsafe.Pointer) (unsafe.Pointer, error) {
		return apiGenerateDigitToken(pointer, userID, options)
	})
}

type requestFields struct {
	method, url string
	headers     [][2]string
	body        []byte
}

func (api *API) request(
	ctx context.Context, isSecret bool, build func(api unsafe.Pointer) (request unsafe.Pointer, err error),
) (*http.Request, error) {
	var fields requestFields
	err := api.object().use(func(pointer unsafe.Pointer) error {
		request, err := build(pointer)
		if err != nil {
			return err
		}
		defer requestFree(request)
		fields = requestFieldsOf(request)
		return nil
	})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, fields.method, fields.url, bytes.NewReader(fields.body))
	if err != nil {
		Wipe(fields.body)
		return nil, err
	}
	if isSecret {
		request.Body, request.GetBody = &wipedBody{rest: fields.body, all: fields.body}, nil
	}
	for _, header := range fields.headers {
		request.Header.Set(header[0], header[1])
	}
	return request, nil
}

// A wipedBody is a body that is wiped when it is closed, and cannot be sent twice.
type wipedBody struct {
	// A client may close it while it reads.
	mutex     sync.Mutex
	rest, all []byte
}

func (body *wipedBody) Read(out []byte) (int, error) {
	body.mutex.Lock()
	defer body.mutex.Unlock()
	if body.all == nil {
		return 0, http.ErrBodyReadAfterClose
	}
	n := copy(out, body.rest)
	body.rest = body.rest[n:]
	if len(body.rest) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func (body *wipedBody) Close() error {
	body.mutex.Lock()
	defer body.mutex.Unlock()
	Wipe(body.all)
	body.rest, body.all = nil, nil
	return nil
}

// A State is how far a password change is. Other texts than these are possible.
type State string

// The states that the API documents.
const (
	InProgress State = "IN_PROGRESS"
	Finished   State = "FINISHED"
	Failed     State = "FAILED"
)

// PasswordChange is what set-password answers.
type PasswordChange struct {
	// RequestID is what to ask for the status by. The API may leave it out: then it is empty.
	RequestID string
	// State is how far the change is, or empty.
	State State
}

// PasswordStatus is what password-change-status answers.
type PasswordStatus struct {
	// RequestID is the id of the change, or empty.
	RequestID string
	// State is how far the change is, or empty.
	State State
	// Errors are why the change failed, as the server sent them.
	Errors []string
	// SourceIDs are the sources on which the password is changed.
	SourceIDs []string
}

// DigitToken is what generate-password-reset-token answers.
type DigitToken struct {
	// Digits are a secret: Wipe them after use. Some versions of the API send a number, which cannot carry a leading zero: if
	// there are fewer digits than were asked for, zeros are missing in front. [encoding/json] leaves them out.
	Digits []byte `json:"-"`
	// RequestID is the id of the request, or empty.
	RequestID string
}

// Format keeps the digits out of what fmt prints.
func (DigitToken) Format(state fmt.State, verb rune) {
	io.WriteString(state, "a digit token")
}

// ReadPasswordInfo reads the response to query-password-info, and closes its body. One that is no success is an [*APIError].
func ReadPasswordInfo(response *http.Response) (info *PasswordInfo, err error) {
	err = readAnswer(queryPasswordInfo, response, func(answer unsafe.Pointer) error {
		pointer, err := answerPasswordInfo(answer)
		if err == nil {
			info, err = newInfo(pointer)
		}
		return err
	})
	return info, err
}

// ReadPasswordChange reads the response to set-password, and closes its body. One that is no success is an [*APIError].
func ReadPasswordChange(response *http.Response) (change PasswordChange, err error) {
	err = readAnswer(setPassword, response, func(answer unsafe.Pointer) (err error) {
		if change.RequestID, err = answerRequestID(answer); err == nil {
			change.State, err = answerState(answer)
		}
		return err
	})
	return change, err
}

// ReadPasswordStatus reads the response to password-change-status, and closes its body. One that is no success is an
// [*APIError].
func ReadPasswordStatus(response *http.Response) (status PasswordStatus, err error) {
	err = readAnswer(passwordChangeStatus, response, func(answer unsafe.Pointer) (err error) {
		status, err = statusOf(answer)
		return err
	})
	return status, err
}

func statusOf(answer unsafe.Pointer) (status PasswordStatus, err error) {
	if status.RequestID, err = answerRequestID(answer); err == nil {
		status.State, err = answerState(answer)
	}
	if err == nil {
		status.Errors, status.SourceIDs, err = answerErrorsAndSources(answer)
	}
	return status, err
}

// ReadDigitToken reads the response to generate-password-reset-token, and closes its body. One that is no success is an
// [*APIError].
func ReadDigitToken(response *http.Response) (token DigitToken, err error) {
	err = readAnswer(generateDigitToken, response, func(answer unsafe.Pointer) (err error) {
		if token.RequestID, err = answerRequestID(answer); err == nil {
			token.Digits, err = answerDigitToken(answer)
		}
		return err
	})
	return token, err
}

// readAnswer calls a function with the answer of a response, if it is a success.
func readAnswer(of operation, response *http.Response, function func(answer unsafe.Pointer) error) error {
	return withAnswer(of, response, func(answer unsafe.Pointer) error {
		if err := outcomeOf(answer, response.StatusCode); err != nil {
			return err
		}
		return function(answer)
	})
}

// outcomeOf is nil for a success.
func outcomeOf(answer unsafe.Pointer, statusCode int) error {
	err := answerOutcome(answer)
	if refused, ok := err.(*Error); ok {
		details := answerDetails(answer)
		details.Refusal, details.StatusCode = refused, statusCode
		return &details
	}
	return err
}

// withAnswer calls a function with the answer of a response, success or not.
func withAnswer(of operation, response *http.Response, function func(answer unsafe.Pointer) error) error {
	if response == nil || response.Body == nil {
		return errors.New("pwseal: there is no response, or it has no body to read")
	}
	defer response.Body.Close()
	body, err := readBody(response.Body)
	defer func() { Wipe(body) }()
	if err != nil {
		return fmt.Errorf("pwseal: the body of the response cannot be read: %w", err)
	}
	var headers [][2]string
	for name, values := range response.Header {
		for _, value := range values {
			headers = append(headers, [2]string{name, value})
		}
	}
	answer, err := answerRead(of, response.StatusCode, headers, body)
	if err != nil {
		return err
	}
	defer answerFree(answer)
	return function(answer)
}

// The library refuses a body that is longer than this.
const maxBody = 1 << 20

// readBody reads a body to its end, or to where it is too long. What it copies it wipes, as it may have a digit token.
func readBody(reader io.Reader) ([]byte, error) {
	reader = io.LimitReader(reader, maxBody+1)
	body := make([]byte, 0, 4096)
	for {
		if len(body) == cap(body) {
			longer := make([]byte, len(body), 4*cap(body))
			copy(longer, body)
			Wipe(body)
			body = longer
		}
		n, err := reader.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			return body, err
		}
	}
}
