package pwseal

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestAPasswordInfoHasItsFields(t *testing.T) {
	info := exampleInfo(t)
	if info.IdentityID() != "2c918085744fec4301746f9a5bce4605" || info.SourceID() != "2c918083746f642c01746f990884012a" ||
		info.PublicKeyID() != "N2M1OTJiMGEtMDJlZS00ZWU3LTkyYTEtNjA5YmI5NWE3ZWVh" {
		t.Error(info.fields)
	}
	accounts := info.Accounts()
	if !reflect.DeepEqual(accounts, []Account{{exampleAccount, "Abby.Smith"}}) {
		t.Error(accounts)
	}
	accounts[0].ID = "changed"
	if info.Accounts()[0].ID != exampleAccount {
		t.Error("a caller can change an account")
	}
	key, err := info.PublicKey()
	if err != nil || key.Fingerprint() != exampleKey(t).Fingerprint() {
		t.Error(err)
	}
	key.Close()
	policy, err := info.Policy()
	if err != nil {
		t.Fatal(err)
	}
	defer policy.Close()
	rules, err := policy.Rules()
	want := []string{"passwordRepeatedChar is 3", "passwordMinAlpha is 1", "passwordMinLength is 5", "passwordMinNumeric is 1"}
	if err != nil || !reflect.DeepEqual(rules, want) {
		t.Error(rules, err)
	}

	empty, err := ParsePasswordInfo([]byte(`{"accounts": [{}]}`))
	if err != nil || empty.IdentityID() != "" || !reflect.DeepEqual(empty.Accounts(), []Account{{}}) {
		t.Error(err)
	}
	if _, err := empty.PublicKey(); !errors.Is(err, ErrMissingField) {
		t.Error(err)
	}
}

// The models of the official SDK for Go, as they marshal and unmarshal: pointers that are left out when nil, keys in the order of
// the alphabet, and whatever else came in one map.
type sdkModel map[string]any

func TestTheModelsOfTheSDKFit(t *testing.T) {
	var answer sdkModel
	if err := json.Unmarshal(example(t, "password-info.json"), &answer); err != nil {
		t.Fatal(err)
	}
	answer["somethingNew"] = 7
	marshalled, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	info, err := ParsePasswordInfo(marshalled)
	if err != nil {
		t.Fatal(err)
	}
	defer info.Close()
	change, err := info.ChangeRequest("", []byte(password), ChangeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer change.Close()
	body, err := json.Marshal(change)
	if err != nil {
		t.Fatal(err)
	}
	// The value, as a struct may have it.
	if value, err := json.Marshal(struct{ Change ChangeRequest }{*change}); err != nil || string(value) != `{"Change":`+string(body)+`}` {
		t.Error(string(value), err)
	}
	var request struct {
		IdentityId        *string `json:"identityId,omitempty"`
		EncryptedPassword *string `json:"encryptedPassword,omitempty"`
		PublicKeyId       *string `json:"publicKeyId,omitempty"`
		AccountId         *string `json:"accountId,omitempty"`
		SourceId          *string `json:"sourceId,omitempty"`
	}
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil {
		t.Fatal(err)
	}
	if *request.IdentityId != info.IdentityID() || *request.PublicKeyId != info.PublicKeyID() ||
		*request.AccountId != exampleAccount || *request.SourceId != info.SourceID() ||
		decryptBase64(t, *request.EncryptedPassword) != password {
		t.Errorf("%s", body)
	}
}

func TestABodyIsMadeForTheAccount(t *testing.T) {
	info := exampleInfo(t)
	for _, account := range []string{"", "Abby.Smith", exampleAccount} {
		change, err := info.ChangeRequest(account, []byte(password), ChangeOptions{})
		if err != nil {
			t.Fatal(account, err)
		}
		fields := fieldsOf(t, change)
		if fields["accountId"] != exampleAccount || decryptBase64(t, fields["encryptedPassword"]) != password {
			t.Error(account, fields)
		}
		if len(change.Warnings()) != 0 {
			t.Error(change.Warnings())
		}
		body, err := change.Body()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseChangeRequest(body)
		if err != nil || !reflect.DeepEqual(fieldsOf(t, again), fields) {
			t.Error(err)
		}
		change.Close()
		if _, err := change.Body(); err != ErrClosed {
			t.Error(err)
		}
	}
}

func TestABodyThatIsRefusedSaysWhy(t *testing.T) {
	info := exampleInfo(t)
	several, err := ParsePasswordInfo([]byte(`{"identityId": "i", "sourceId": "s", "publicKeyId": "k", "accounts": [
		{"accountId": "1", "accountName": "twin"}, {"accountId": "2", "accountName": "twin"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		info              *PasswordInfo
		account, password string
		code              Code
		message           string
	}{
		{info, "nobody", password, ErrAccountNotFound, "no account has this id or name"},
		{info, "\xff", password, ErrInvalidUTF8, "account is not UTF-8"},
		{several, "", password, ErrAccountNotChosen, "2"},
		{several, "twin", password, ErrAccountNameNotUnique, "twin"},
		{info, "", "", ErrEmptyPassword, "is empty"},
		{info, "", "hunter22hunter22\n", ErrPasswordNotText, "line break at byte 16"},
		{info, "", strings.Repeat("hunter2", 40), ErrPasswordTooLong, "280 bytes"},
		{info, "", "hunter", ErrPolicyViolation, "passwordMinNumeric is 1"},
	} {
		change, err := test.info.ChangeRequest(test.account, []byte(test.password), ChangeOptions{})
		if change != nil || !errors.Is(err, test.code) || !strings.Contains(err.Error(), test.message) ||
			strings.Contains(err.Error(), "hunter") {
			t.Errorf("%q: %v", test.password, err)
		}
	}

	_, err = info.ChangeRequest("", []byte("hunter"), ChangeOptions{})
	var violation *PolicyError
	var full *Error
	if !errors.As(err, &violation) || !errors.As(err, &full) || !violation.Report.HasViolation ||
		violation.Report.Findings[3].Outcome != Violated {
		t.Errorf("%#v", err)
	}
	change, err := info.ChangeRequest("", []byte("hunter\n"), ChangeOptions{Raw: true, DespitePolicy: true})
	if err != nil || decryptBase64(t, fieldsOf(t, change)["encryptedPassword"]) != "hunter\n" {
		t.Error(err)
	}
	if warnings := change.Warnings(); len(warnings) == 0 || warnings[0].Message == "" {
		t.Error(warnings)
	}

	if _, err := ParsePasswordInfo([]byte(`{"error": "JWT is expired"}`)); !errors.Is(err, ErrOtherMessage) {
		t.Error(err)
	}
	if _, err := ParsePasswordInfo([]byte(`{"accounts": 7}`)); !errors.Is(err, ErrInvalidPasswordInfo) {
		t.Error(err)
	}
	if _, err := ParseChangeRequest([]byte(`{"encryptedPassword": "hunter2"}`)); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Error(err)
	}
}

func TestAReportIsTyped(t *testing.T) {
	policy, err := ParsePolicy("passwordMinLength is 16", "passwordMinNumeric is 1", "passwordHistory is 5",
		"checkPasswordAgainstAccountID is true", "checkPasswordsAgainstDictionary is true")
	if err != nil {
		t.Fatal(err)
	}
	defer policy.Close()
	dictionary, err := ParseDictionary([]byte("horse\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer dictionary.Close()
	report, err := policy.Check([]byte(password+" "), Context{
		AccountID: "battery", AccountNames: []string{"staple"}, Dictionary: dictionary,
		AccountAttributes: map[string]string{"mail": "a@example.com"}, IdentityAttributes: map[string]string{"a": ""},
	})
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"hasViolation":true,"allPassed":false,"findings":[` +
		`{"rule":"passwordMinLength is 16","outcome":"passed","reason":null,"found":16,"wanted":16,"message":"has 16 characters, and at least 16 are wanted"},` +
		`{"rule":"passwordMinNumeric is 1","outcome":"passed","reason":null,"found":1,"wanted":1,"message":"has 1 digit, and at least 1 is wanted"},` +
		`{"rule":"passwordHistory is 5","outcome":"notChecked","reason":"oldPasswords","found":null,"wanted":5,"message":"` + report.Findings[2].Message + `"},` +
		`{"rule":"checkPasswordAgainstAccountID is true","outcome":"passed","reason":null,"found":null,"wanted":null,"message":"` + report.Findings[3].Message + `"},` +
		`{"rule":"checkPasswordsAgainstDictionary is true","outcome":"violated","reason":null,"found":null,"wanted":null,"message":"` + report.Findings[4].Message + `"}],` +
		`"warnings":[{"kind":"trailing-white-space","message":"` + report.Warnings[0].Message + `"}]}`
	if string(encoded) != want {
		t.Errorf("\n%s\n%s", encoded, want)
	}

	info := exampleInfo(t)
	strict, err := ParsePasswordInfo([]byte(strings.Replace(string(example(t, "password-info.json")),
		"passwordMinAlpha is 1", "checkPasswordsAgainstDictionary is true", 1)))
	if err != nil {
		t.Fatal(err)
	}
	with := Context{Dictionary: dictionary}
	var violation *PolicyError
	if _, err := strict.ChangeRequest("", []byte(password), ChangeOptions{Context: with}); !errors.As(err, &violation) ||
		violation.Report.Findings[1].Outcome != Violated {
		t.Errorf("%v %+v", err, violation)
	}
	if report, err := strict.Check("", []byte(password), with); err != nil || report.Findings[1].Outcome != Violated {
		t.Error(report, err)
	}
	if report, err := info.Check("", []byte(password), with); err != nil || report.HasViolation {
		t.Error(report, err)
	}
	if generated, err := strict.Generate("", GenerateOptions{Context: with}); err != nil || strings.Contains(string(generated), "horse") {
		t.Error(err)
	}

	if report, err := policy.Check([]byte(password), Context{}); err != nil || report.Findings[3].Reason != NotGiven {
		t.Error(report, err)
	}
	if _, err := policy.Check([]byte(password), Context{AccountID: "\xff"}); !errors.Is(err, ErrInvalidUTF8) {
		t.Error(err)
	}
	dictionary.Close()
	if _, err := policy.Check([]byte(password), Context{Dictionary: dictionary}); err != ErrClosed {
		t.Error(err)
	}
}

func TestARuleIsPrintable(t *testing.T) {
	policy, err := PolicyFromAnswer("a\x1b[2J\x00 is 1", "")
	if err != nil {
		t.Fatal(err)
	}
	report, err := policy.Check([]byte(password), Context{})
	if err != nil || report.Findings[0].Rule != "a\x1b[2J\x00 is 1" || strings.Contains(report.Findings[0].PrintableRule, "\x1b") {
		t.Errorf("%+v %v", report, err)
	}
	if _, err := ParsePolicy("passwordMinLenght is 12"); !errors.Is(err, ErrInvalidPolicy) || !strings.Contains(err.Error(), "passwordMinLength") {
		t.Error(err)
	}
}

func TestWhatIsGeneratedViolatesNothing(t *testing.T) {
	info := exampleInfo(t)
	policy, err := info.Policy()
	if err != nil {
		t.Fatal(err)
	}
	for _, options := range []GenerateOptions{{}, {Length: 5}, {Length: 1024}, {Length: 40, Exclude: "abcé", NoLookAlikes: true}} {
		one, err := policy.Generate(options)
		if err != nil {
			t.Fatal(options, err)
		}
		two, err := info.Generate("Abby.Smith", options)
		if err != nil {
			t.Fatal(options, err)
		}
		for _, password := range [][]byte{one, two} {
			report, err := policy.Check(password, Context{})
			length := options.Length
			if length == 0 {
				length = 16
			}
			if err != nil || report.HasViolation || len(password) != length ||
				options.NoLookAlikes && strings.ContainsAny(string(password), "abc0O1lI|") {
				t.Errorf("%+v: %d characters, %v", options, len(password), err)
			}
			Wipe(password)
			if strings.Trim(string(password), "\x00") != "" {
				t.Error("it is not wiped")
			}
		}
	}
	for _, length := range []int{-1, 1025} {
		options := GenerateOptions{Length: length}
		_, one := policy.Generate(options)
		_, other := info.Generate("", options)
		for _, err := range []error{one, other} {
			if !errors.Is(err, ErrOutOfRange) || !strings.Contains(err.Error(), fmt.Sprint("of ", length, " characters")) {
				t.Error(err)
			}
		}
	}
	long, err := ParsePolicy("passwordMinLength is 20", "passwordMaxLength is 24")
	if err != nil {
		t.Fatal(err)
	}
	if password, err := long.Generate(GenerateOptions{}); err != nil || len(password) != 20 {
		t.Error(err)
	}
	if _, err := long.Generate(GenerateOptions{Length: 10}); !errors.Is(err, ErrPolicyConflict) {
		t.Error(err)
	}
}

func TestNothingThatIsPrintedHasADigitToken(t *testing.T) {
	token := DigitToken{Digits: []byte("123456")}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, printed := range []string{fmt.Sprintf(verb, token), fmt.Sprintf(verb, &token)} {
			if printed != "a digit token" {
				t.Error(verb, printed)
			}
		}
	}
	if text, err := json.Marshal(token); err != nil || string(text) != `{"RequestID":""}` {
		t.Error(string(text), err)
	}
}
