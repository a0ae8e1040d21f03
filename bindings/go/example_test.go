package pwseal_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"pwseal"
)

// From the answer to query-password-info to the body of set-password.
func Example() {
	json, err := os.ReadFile("../../examples/password-info.json")
	if err != nil {
		panic(err)
	}
	info, err := pwseal.ParsePasswordInfo(json)
	if err != nil {
		panic(err)
	}
	defer info.Close()
	password := []byte("correct horse 7")
	defer pwseal.Wipe(password)
	change, err := info.ChangeRequest("Abby.Smith", password, pwseal.ChangeOptions{})
	if err != nil {
		panic(err)
	}
	defer change.Close()
	body, err := change.Body()
	if err != nil {
		panic(err)
	}
	fmt.Println(string(body[:15]), len(change.Warnings()))
	// Output: {"identityId":" 0
}

func ExamplePasswordInfo_ChangeRequest_refused() {
	json, err := os.ReadFile("../../examples/password-info.json")
	if err != nil {
		panic(err)
	}
	info, err := pwseal.ParsePasswordInfo(json)
	if err != nil {
		panic(err)
	}
	defer info.Close()
	_, err = info.ChangeRequest("", []byte("correct horse"), pwseal.ChangeOptions{})
	var violation *pwseal.PolicyError
	if errors.As(err, &violation) {
		for _, finding := range violation.Report.Findings {
			fmt.Println(finding.Outcome, "|", finding.PrintableRule, "|", finding.Message)
		}
	}
	// Output:
	// passed | passwordRepeatedChar is 3 | its longest run of one character is 2, and at most 3 are allowed
	// passed | passwordMinAlpha is 1 | has 12 letters, and at least 1 is wanted
	// passed | passwordMinLength is 5 | has 13 characters, and at least 5 are wanted
	// violated | passwordMinNumeric is 1 | has 0 digits, but at least 1 is wanted
}

func ExamplePolicy_Check() {
	policy, err := pwseal.ParsePolicy("passwordMinLength is 12", "passwordHistory is 5")
	if err != nil {
		panic(err)
	}
	defer policy.Close()
	report, err := policy.Check([]byte("correct horse 7"), pwseal.Context{})
	if err != nil {
		panic(err)
	}
	fmt.Println(report.HasViolation, report.AllPassed, report.Findings[1].Reason)
	// Output: false false oldPasswords
}

func ExamplePublicKey_EncryptBase64() {
	file, err := os.ReadFile("../../examples/public-key.pem")
	if err != nil {
		panic(err)
	}
	key, err := pwseal.ParsePublicKey(file)
	if err != nil {
		panic(err)
	}
	defer key.Close()
	ciphertext, err := key.EncryptBase64([]byte("correct horse 7"))
	fmt.Println(key.Bits(), len(ciphertext), err)
	// Output: 2048 344 <nil>
}

func ExampleParsePublicKey_refused() {
	_, err := pwseal.ParsePublicKey([]byte("-----BEGIN PUBLIC KEY-----"))
	fmt.Println(errors.Is(err, pwseal.ErrInvalidKey))
	// Output: true
}

// The whole exchange, with a client that adds the bearer token.
func ExampleAPI() {
	unknown := func(err error) error {
		return fmt.Errorf("it is not known whether the password is changed: %w", err)
	}
	setPassword := func(ctx context.Context, client *http.Client, userName, sourceName string, password []byte) error {
		api, err := pwseal.NewAPI(pwseal.V2026, "acme")
		if err != nil {
			return err
		}
		request, err := api.QueryPasswordInfo(ctx, userName, sourceName)
		if err != nil {
			return err
		}
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		info, err := pwseal.ReadPasswordInfo(response)
		if err != nil {
			return err
		}
		defer info.Close()
		change, err := info.ChangeRequest("", password, pwseal.ChangeOptions{})
		if err != nil {
			return err
		}
		defer change.Close()
		if request, err = api.SetPassword(ctx, change); err != nil {
			return err
		}
		if response, err = client.Do(request); err != nil {
			return unknown(err)
		}
		ordered, err := pwseal.ReadPasswordChange(response)
		if err != nil {
			return err
		}

		start, poll := time.Now(), pwseal.StatusPoll{}
		for wait := poll.Delay(0); ; {
			select {
			case <-time.After(wait):
			case <-ctx.Done():
				return unknown(ctx.Err())
			}
			if request, err = api.PasswordChangeStatus(ctx, ordered.RequestID); err != nil {
				return err
			}
			if response, err = client.Do(request); err != nil {
				return unknown(err)
			}
			next, err := poll.Next(time.Since(start), response)
			if err != nil {
				return unknown(err)
			}
			switch next.Step {
			case pwseal.AskAgain:
				wait = next.After
			case pwseal.ChangeFinished:
				return nil
			case pwseal.ChangeFailed:
				return fmt.Errorf("the password is not changed: %q", next.Status.Errors)
			case pwseal.TimedOut:
				return unknown(context.DeadlineExceeded)
			default:
				return unknown(next.Err)
			}
		}
	}
	_ = setPassword
}
