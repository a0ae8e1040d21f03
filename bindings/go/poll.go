package pwseal

import (
	"net/http"
	"time"
	"unsafe"
)

// StatusPoll says when to ask for the status of a change again. The zero value is right for one change.
type StatusPoll struct {
	// Changes is how many changes one client waits for at the same time, 0 for 1. Together they take half of what the API's rate
	// limit allows.
	Changes uint32
	// Patience is how long to wait in all, 0 for 3 hours.
	Patience time.Duration
}

// A NextStep is what to do after an answer to password-change-status.
type NextStep int32

// The steps.
const (
	// AskAgain: wait, then ask again. If the answer did not count, Err says why.
	AskAgain NextStep = iota
	// ChangeFinished: the password is changed. Errors that are reported all the same are in the status, in general none.
	ChangeFinished
	// ChangeFailed: the password is not changed, and the errors of the status say why.
	ChangeFailed
	// Refused: the question was refused, and asking again unchanged is of no use. Err says why. The change itself goes on.
	Refused
	// TimedOut: the patience is used up. The change itself may go on.
	TimedOut
)

// Next is what to do after an answer to password-change-status.
type Next struct {
	Step NextStep
	// After is how long to wait, for AskAgain.
	After time.Duration
	// Status is the answer, if it is a success.
	Status PasswordStatus
	// Err is why the answer did not count, an *APIError, and else nil.
	Err error
}

// Delay is how long to wait before the first question, and when one got no answer at all. Elapsed is the time since the change was
// ordered.
func (poll StatusPoll) Delay(elapsed time.Duration) time.Duration {
	return pollDelay(poll, elapsed)
}

// Next reads the response to password-change-status, closes its body, and says how to go on. Elapsed is the time since the change
// was ordered. The error is one of reading: an answer that is no success is in the result.
func (poll StatusPoll) Next(elapsed time.Duration, response *http.Response) (next Next, err error) {
	err = withAnswer(passwordChangeStatus, response, func(answer unsafe.Pointer) (err error) {
		if next.Step, next.After, err = pollNext(poll, answer, elapsed); err != nil {
			return err
		}
		if next.Err = outcomeOf(answer, response.StatusCode); next.Err == nil {
			next.Status, err = statusOf(answer)
		}
		return err
	})
	return next, err
}
