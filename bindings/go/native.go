package pwseal

// All calls of the C interface, and nothing else. Objects of the library's are unsafe.Pointer here: which kind one is, the name of
// the function says.

/*
#cgo pkg-config: pwseal-static
#include <pwseal.h>
#include <stdlib.h>
*/
import "C"

import (
	"fmt"
	"runtime"
	"time"
	"unsafe"
)

func version() string {
	return C.GoString(C.pwseal_version())
}

func statusMessage(code Code) string {
	return C.GoString(C.pwseal_status_message(C.pwseal_status(code)))
}

func wipe(secret []byte) {
	if len(secret) > 0 {
		C.pwseal_wipe(unsafe.Pointer(&secret[0]), C.size_t(len(secret)))
	}
}

// call turns a status into an error. The message of a failure belongs to the thread, on which the goroutine stays meanwhile.
func call(function func() C.pwseal_status) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	status := function()
	if status == C.PWSEAL_STATUS_OK {
		return nil
	}
	return &Error{
		Code:     Code(status),
		Message:  C.GoString(C.pwseal_last_error()),
		Index:    int64(C.pwseal_last_error_detail(C.PWSEAL_DETAIL_INDEX)),
		Position: int64(C.pwseal_last_error_detail(C.PWSEAL_DETAIL_POSITION)),
		Given:    int64(C.pwseal_last_error_detail(C.PWSEAL_DETAIL_GIVEN)),
		Wanted:   int64(C.pwseal_last_error_detail(C.PWSEAL_DETAIL_WANTED)),
	}
}

// bytesOf is where the bytes of a slice are. C reads or writes them there, until it returns.
func bytesOf(slice []byte) unsafe.Pointer {
	if len(slice) == 0 {
		return nil
	}
	return unsafe.Pointer(&slice[0])
}

func charsOf(slice []byte) *C.char {
	return (*C.char)(bytesOf(slice))
}

// output is what a function writes to a buffer, whose room is mostly enough.
func output(room int, write func(out []byte, outLen *C.size_t) C.pwseal_status) ([]byte, error) {
	for {
		out := make([]byte, room)
		outLen := C.size_t(room)
		err := call(func() C.pwseal_status { return write(out, &outLen) })
		if err == nil {
			return out[:outLen:outLen], nil
		}
		if int(outLen) <= room || err.(*Error).Code != C.PWSEAL_STATUS_BUFFER_TOO_SMALL {
			return nil, err
		}
		room = int(outLen)
	}
}

// text is what a function writes.
func text(write func(out *C.char, outLen *C.size_t) C.pwseal_status) (string, error) {
	out, err := output(256, func(out []byte, outLen *C.size_t) C.pwseal_status { return write(charsOf(out), outLen) })
	return string(out), err
}

// lentBytes is a copy of what an object lends.
func lentBytes(lend func(out *C.pwseal_text) C.pwseal_status) ([]byte, error) {
	var out C.pwseal_text
	if err := call(func() C.pwseal_status { return lend(&out) }); err != nil {
		return nil, err
	}
	return C.GoBytes(unsafe.Pointer(out.data), C.int(out.len)), nil
}

// lent is a copy of a text that an object lends.
func lent(lend func(out *C.pwseal_text) C.pwseal_status) (string, error) {
	var out C.pwseal_text
	if err := call(func() C.pwseal_status { return lend(&out) }); err != nil {
		return "", err
	}
	return stringOf(out), nil
}

func stringOf(text C.pwseal_text) string {
	return C.GoStringN(text.data, C.int(text.len))
}

// optional is empty where there is none.
func optional(lend func(out *C.pwseal_text) C.pwseal_status) (string, error) {
	found, err := lent(lend)
	if err != nil && err.(*Error).Code == ErrMissingField {
		return "", nil
	}
	return found, err
}

// An arena is memory of C's, for arrays whose elements have pointers: C must not be given those in memory of Go's.
type arena []unsafe.Pointer

func (a *arena) text(s string) C.pwseal_text {
	if s == "" {
		return C.pwseal_text{}
	}
	copied := C.CString(s)
	*a = append(*a, unsafe.Pointer(copied))
	return C.pwseal_text{data: copied, len: C.size_t(len(s))}
}

func (a *arena) free() {
	for _, block := range *a {
		C.free(block)
	}
}

func (a *arena) texts(strings []string) (*C.pwseal_text, C.size_t) {
	if len(strings) == 0 {
		return nil, 0
	}
	texts := make([]C.pwseal_text, len(strings))
	for i, s := range strings {
		texts[i] = a.text(s)
	}
	return &texts[0], C.size_t(len(texts))
}

// Keys

func keyParse(key []byte) (unsafe.Pointer, error) {
	var out *C.pwseal_key
	err := call(func() C.pwseal_status { return C.pwseal_key_parse(bytesOf(key), C.size_t(len(key)), &out) })
	return unsafe.Pointer(out), err
}

func keyFree(key unsafe.Pointer) {
	C.pwseal_key_free((*C.pwseal_key)(key))
}

func keyFactsOf(pointer unsafe.Pointer) (facts keyFacts, err error) {
	key := (*C.pwseal_key)(pointer)
	facts.bits = int(C.pwseal_key_bits(key))
	facts.size = int(C.pwseal_key_size(key))
	facts.maxPasswordLen = int(C.pwseal_key_max_password_len(key))
	facts.fingerprint, err = text(func(out *C.char, outLen *C.size_t) C.pwseal_status {
		return C.pwseal_key_fingerprint(key, out, outLen)
	})
	return facts, err
}

func keyEncrypt(key unsafe.Pointer, size int, password []byte) ([]byte, error) {
	return output(size, func(out []byte, outLen *C.size_t) C.pwseal_status {
		return C.pwseal_key_encrypt((*C.pwseal_key)(key), bytesOf(password), C.size_t(len(password)), bytesOf(out), outLen)
	})
}

func keyEncryptBase64(key unsafe.Pointer, room int, password []byte) (string, error) {
	out, err := output(room, func(out []byte, outLen *C.size_t) C.pwseal_status {
		return C.pwseal_key_encrypt_base64((*C.pwseal_key)(key), bytesOf(password), C.size_t(len(password)), charsOf(out), outLen)
	})
	return string(out), err
}

// keyEncryptMany writes a ciphertext after the other, each of which has as much room.
func keyEncryptMany(key unsafe.Pointer, asText bool, room int, passwords [][]byte) ([]byte, error) {
	out := make([]byte, room*len(passwords))
	return out, encryptPasswords((*C.pwseal_key)(key), asText, room, passwords, out)
}

// Policies

func policyParse(policies []string) (unsafe.Pointer, error) {
	var memory arena
	defer memory.free()
	texts, count := memory.texts(policies)
	var out *C.pwseal_policy
	err := call(func() C.pwseal_status { return C.pwseal_policy_parse(texts, count, &out) })
	return unsafe.Pointer(out), err
}

func policyFromStrings(policies []string) (unsafe.Pointer, error) {
	var memory arena
	defer memory.free()
	texts, count := memory.texts(policies)
	var out *C.pwseal_policy
	err := call(func() C.pwseal_status { return C.pwseal_policy_from_strings(texts, count, &out) })
	return unsafe.Pointer(out), err
}

func policyFree(policy unsafe.Pointer) {
	C.pwseal_policy_free((*C.pwseal_policy)(policy))
}

func policyRules(pointer unsafe.Pointer) ([]string, error) {
	policy := (*C.pwseal_policy)(pointer)
	rules := make([]string, int(C.pwseal_policy_rule_count(policy)))
	for i := range rules {
		rule, err := text(func(out *C.char, outLen *C.size_t) C.pwseal_status {
			return C.pwseal_policy_rule(policy, C.size_t(i), out, outLen)
		})
		if err != nil {
			return nil, err
		}
		rules[i] = rule
	}
	return rules, nil
}

func policyCheck(policy unsafe.Pointer, context Context, password []byte) (report Report, err error) {
	err = withContext(context, func(known *C.pwseal_context) (err error) {
		report, err = reportOf(func(out **C.pwseal_report) C.pwseal_status {
			return C.pwseal_policy_check((*C.pwseal_policy)(policy), known, bytesOf(password), C.size_t(len(password)), out)
		})
		return err
	})
	return report, err
}

// withContext calls a function with the library's context, and with nil where nothing is known.
func withContext(context Context, function func(known *C.pwseal_context) error) error {
	if context.isEmpty() {
		return function(nil)
	}
	with := func(dictionary unsafe.Pointer) error {
		known, err := contextOf(context, (*C.pwseal_dictionary)(dictionary))
		if err != nil {
			return err
		}
		defer C.pwseal_context_free(known)
		return function(known)
	}
	if context.Dictionary == nil {
		return with(nil)
	}
	return context.Dictionary.object().use(with)
}

func contextOf(context Context, dictionary *C.pwseal_dictionary) (*C.pwseal_context, error) {
	var out *C.pwseal_context
	if err := call(func() C.pwseal_status { return C.pwseal_context_new(&out) }); err != nil {
		return nil, err
	}
	var memory arena
	defer memory.free()
	err := func() error {
		if context.AccountID != "" {
			id := memory.text(context.AccountID)
			if err := call(func() C.pwseal_status { return C.pwseal_context_set_account_id(out, id.data, id.len) }); err != nil {
				return err
			}
		}
		for _, name := range context.AccountNames {
			name := memory.text(name)
			if err := call(func() C.pwseal_status { return C.pwseal_context_add_account_name(out, name.data, name.len) }); err != nil {
				return err
			}
		}
		for name, value := range context.AccountAttributes {
			name, value := memory.text(name), memory.text(value)
			if err := call(func() C.pwseal_status {
				return C.pwseal_context_add_account_attribute(out, name.data, name.len, value.data, value.len)
			}); err != nil {
				return err
			}
		}
		for name, value := range context.IdentityAttributes {
			name, value := memory.text(name), memory.text(value)
			if err := call(func() C.pwseal_status {
				return C.pwseal_context_add_identity_attribute(out, name.data, name.len, value.data, value.len)
			}); err != nil {
				return err
			}
		}
		if dictionary == nil {
			return nil
		}
		return call(func() C.pwseal_status { return C.pwseal_context_set_dictionary(out, dictionary) })
	}()
	if err != nil {
		C.pwseal_context_free(out)
		return nil, err
	}
	return out, nil
}

// negativeLength is the error of a length that C's numbers cannot say.
func negativeLength(length int) error {
	message := fmt.Sprintf("a password of %d characters is asked for: it has 1 at least", length)
	return &Error{Code: ErrOutOfRange, Message: message, Index: -1, Position: -1, Given: -1, Wanted: -1}
}

// generated is a copy of a password that the library makes, and then wipes.
func generated(
	context Context, generate func(known *C.pwseal_context, out **C.pwseal_password) C.pwseal_status,
) (password []byte, err error) {
	err = withContext(context, func(known *C.pwseal_context) error {
		var made *C.pwseal_password
		if err := call(func() C.pwseal_status { return generate(known, &made) }); err != nil {
			return err
		}
		defer C.pwseal_password_free(made)
		password, err = lentBytes(func(out *C.pwseal_text) C.pwseal_status { return C.pwseal_password_text(made, out) })
		return err
	})
	return password, err
}

func policyGenerate(pointer unsafe.Pointer, options GenerateOptions) ([]byte, error) {
	if options.Length < 0 {
		return nil, negativeLength(options.Length)
	}
	policy := (*C.pwseal_policy)(pointer)
	if options.Length == 0 {
		var shortest, longest C.size_t
		err := call(func() C.pwseal_status { return C.pwseal_policy_length_range(policy, &shortest, &longest) })
		if err != nil {
			return nil, err
		}
		options.Length = 16
		if options.Length > int(longest) {
			options.Length = int(longest)
		}
		if options.Length < int(shortest) {
			options.Length = int(shortest)
		}
	}
	exclude := []byte(options.Exclude)
	return generated(options.Context, func(known *C.pwseal_context, out **C.pwseal_password) C.pwseal_status {
		return C.pwseal_policy_generate(policy, known, C.size_t(options.Length), charsOf(exclude), C.size_t(len(exclude)),
			C.bool(options.NoLookAlikes), out)
	})
}

func dictionaryParse(file []byte) (unsafe.Pointer, error) {
	var out *C.pwseal_dictionary
	err := call(func() C.pwseal_status { return C.pwseal_dictionary_parse(bytesOf(file), C.size_t(len(file)), &out) })
	return unsafe.Pointer(out), err
}

func dictionaryFree(dictionary unsafe.Pointer) {
	C.pwseal_dictionary_free((*C.pwseal_dictionary)(dictionary))
}

// Reports

func reportOf(check func(out **C.pwseal_report) C.pwseal_status) (Report, error) {
	var report *C.pwseal_report
	if err := call(func() C.pwseal_status { return check(&report) }); err != nil {
		return Report{}, err
	}
	defer C.pwseal_report_free(report)
	result := Report{
		HasViolation: bool(C.pwseal_report_has_violation(report)),
		AllPassed:    bool(C.pwseal_report_all_passed(report)),
		Findings:     make([]Finding, int(C.pwseal_report_finding_count(report))),
	}
	for i := range result.Findings {
		finding, err := findingOf(report, C.size_t(i))
		if err != nil {
			return Report{}, err
		}
		result.Findings[i] = finding
	}
	var err error
	result.Warnings, err = warnings(int(C.pwseal_report_warning_count(report)),
		func(index C.size_t, out *C.pwseal_password_warning) C.pwseal_status {
			return C.pwseal_report_warning_kind(report, index, out)
		},
		func(index C.size_t, out *C.char, outLen *C.size_t) C.pwseal_status {
			return C.pwseal_report_warning(report, index, out, outLen)
		})
	return result, err
}

func findingOf(report *C.pwseal_report, index C.size_t) (Finding, error) {
	var found C.pwseal_finding
	if err := call(func() C.pwseal_status { return C.pwseal_report_finding(report, index, &found) }); err != nil {
		return Finding{}, err
	}
	rule, err := text(func(out *C.char, outLen *C.size_t) C.pwseal_status {
		return C.pwseal_report_rule(report, index, out, outLen)
	})
	if err != nil {
		return Finding{}, err
	}
	printable, err := text(func(out *C.char, outLen *C.size_t) C.pwseal_status {
		return C.pwseal_report_rule_printable(report, index, out, outLen)
	})
	if err != nil {
		return Finding{}, err
	}
	message, err := text(func(out *C.char, outLen *C.size_t) C.pwseal_status {
		return C.pwseal_report_message(report, index, out, outLen)
	})
	return Finding{
		Rule:          rule,
		PrintableRule: printable,
		Outcome:       Outcome(found.outcome),
		Reason:        Reason(found.reason),
		Found:         number(found.found),
		Wanted:        number(found.wanted),
		Message:       message,
	}, err
}

func number(n C.int64_t) *int64 {
	if n < 0 {
		return nil
	}
	number := int64(n)
	return &number
}

func warnings(
	count int,
	kind func(index C.size_t, out *C.pwseal_password_warning) C.pwseal_status,
	sentence func(index C.size_t, out *C.char, outLen *C.size_t) C.pwseal_status,
) ([]Warning, error) {
	warnings := make([]Warning, count)
	for i := range warnings {
		var found C.pwseal_password_warning
		if err := call(func() C.pwseal_status { return kind(C.size_t(i), &found) }); err != nil {
			return nil, err
		}
		message, err := text(func(out *C.char, outLen *C.size_t) C.pwseal_status {
			return sentence(C.size_t(i), out, outLen)
		})
		if err != nil {
			return nil, err
		}
		warnings[i] = Warning{WarningKind(found), message}
	}
	return warnings, nil
}

// Password-infos

func infoParse(json []byte) (unsafe.Pointer, error) {
	var out *C.pwseal_password_info
	err := call(func() C.pwseal_status { return C.pwseal_password_info_parse(bytesOf(json), C.size_t(len(json)), &out) })
	return unsafe.Pointer(out), err
}

func infoFree(info unsafe.Pointer) {
	C.pwseal_password_info_free((*C.pwseal_password_info)(info))
}

func infoFieldsOf(pointer unsafe.Pointer) (fields infoFields, err error) {
	info := (*C.pwseal_password_info)(pointer)
	if fields.identityID, err = optional(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_password_info_identity_id(info, out)
	}); err != nil {
		return fields, err
	}
	if fields.sourceID, err = optional(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_password_info_source_id(info, out)
	}); err != nil {
		return fields, err
	}
	if fields.publicKeyID, err = optional(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_password_info_public_key_id(info, out)
	}); err != nil {
		return fields, err
	}
	fields.accounts = make([]Account, int(C.pwseal_password_info_account_count(info)))
	for i := range fields.accounts {
		account := &fields.accounts[i]
		if account.ID, err = optional(func(out *C.pwseal_text) C.pwseal_status {
			return C.pwseal_password_info_account_id(info, C.size_t(i), out)
		}); err != nil {
			return fields, err
		}
		if account.Name, err = optional(func(out *C.pwseal_text) C.pwseal_status {
			return C.pwseal_password_info_account_name(info, C.size_t(i), out)
		}); err != nil {
			return fields, err
		}
	}
	return fields, nil
}

func infoKey(info unsafe.Pointer) (unsafe.Pointer, error) {
	var out *C.pwseal_key
	err := call(func() C.pwseal_status { return C.pwseal_password_info_key((*C.pwseal_password_info)(info), &out) })
	return unsafe.Pointer(out), err
}

func infoPolicy(info unsafe.Pointer) (unsafe.Pointer, error) {
	var out *C.pwseal_policy
	err := call(func() C.pwseal_status { return C.pwseal_password_info_policy((*C.pwseal_password_info)(info), &out) })
	return unsafe.Pointer(out), err
}

func infoCheck(info unsafe.Pointer, account string, password []byte, context Context) (report Report, err error) {
	name := []byte(account)
	err = withContext(context, func(known *C.pwseal_context) (err error) {
		report, err = reportOf(func(out **C.pwseal_report) C.pwseal_status {
			return C.pwseal_password_info_check((*C.pwseal_password_info)(info), charsOf(name), C.size_t(len(name)), known,
				bytesOf(password), C.size_t(len(password)), out)
		})
		return err
	})
	return report, err
}

func infoGenerate(info unsafe.Pointer, account string, options GenerateOptions) ([]byte, error) {
	if options.Length < 0 {
		return nil, negativeLength(options.Length)
	}
	name, exclude := []byte(account), []byte(options.Exclude)
	return generated(options.Context, func(known *C.pwseal_context, out **C.pwseal_password) C.pwseal_status {
		return C.pwseal_password_info_generate((*C.pwseal_password_info)(info), charsOf(name), C.size_t(len(name)), known,
			C.size_t(options.Length), charsOf(exclude), C.size_t(len(exclude)), C.bool(options.NoLookAlikes), out)
	})
}

// Change requests

func changeNew(info unsafe.Pointer, account string, password []byte, options ChangeOptions) (unsafe.Pointer, error) {
	name := []byte(account)
	var flags C.uint32_t
	if options.DespitePolicy {
		flags |= C.PWSEAL_DESPITE_POLICY
	}
	if options.Raw {
		flags |= C.PWSEAL_RAW
	}
	var out *C.pwseal_change_request
	err := withContext(options.Context, func(known *C.pwseal_context) error {
		return call(func() C.pwseal_status {
			return C.pwseal_change_request_new((*C.pwseal_password_info)(info), charsOf(name), C.size_t(len(name)), known,
				bytesOf(password), C.size_t(len(password)), flags, &out)
		})
	})
	return unsafe.Pointer(out), err
}

func changeParse(json []byte) (unsafe.Pointer, error) {
	var out *C.pwseal_change_request
	err := call(func() C.pwseal_status { return C.pwseal_change_request_parse(bytesOf(json), C.size_t(len(json)), &out) })
	return unsafe.Pointer(out), err
}

func changeFree(change unsafe.Pointer) {
	C.pwseal_change_request_free((*C.pwseal_change_request)(change))
}

func changeBody(change unsafe.Pointer) ([]byte, error) {
	return lentBytes(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_change_request_body((*C.pwseal_change_request)(change), out)
	})
}

func changeWarnings(pointer unsafe.Pointer) ([]Warning, error) {
	change := (*C.pwseal_change_request)(pointer)
	return warnings(int(C.pwseal_change_request_warning_count(change)),
		func(index C.size_t, out *C.pwseal_password_warning) C.pwseal_status {
			return C.pwseal_change_request_warning_kind(change, index, out)
		},
		func(index C.size_t, out *C.char, outLen *C.size_t) C.pwseal_status {
			return C.pwseal_change_request_warning(change, index, out, outLen)
		})
}

// Requests

func apiNew(version APIVersion, tenant string) (unsafe.Pointer, error) {
	name := []byte(tenant)
	var out *C.pwseal_api
	err := call(func() C.pwseal_status {
		return C.pwseal_api_new(C.pwseal_api_version(version), charsOf(name), C.size_t(len(name)), &out)
	})
	return unsafe.Pointer(out), err
}

func apiAt(version APIVersion, baseURL string) (unsafe.Pointer, error) {
	url := []byte(baseURL)
	var out *C.pwseal_api
	err := call(func() C.pwseal_status {
		return C.pwseal_api_at(C.pwseal_api_version(version), charsOf(url), C.size_t(len(url)), &out)
	})
	return unsafe.Pointer(out), err
}

func apiFree(api unsafe.Pointer) {
	C.pwseal_api_free((*C.pwseal_api)(api))
}

func apiQueryPasswordInfo(api unsafe.Pointer, userName, sourceName string) (unsafe.Pointer, error) {
	user, source := []byte(userName), []byte(sourceName)
	var out *C.pwseal_request
	err := call(func() C.pwseal_status {
		return C.pwseal_api_query_password_info((*C.pwseal_api)(api), charsOf(user), C.size_t(len(user)),
			charsOf(source), C.size_t(len(source)), &out)
	})
	return unsafe.Pointer(out), err
}

func apiSetPassword(api, change unsafe.Pointer) (unsafe.Pointer, error) {
	var out *C.pwseal_request
	err := call(func() C.pwseal_status {
		return C.pwseal_api_set_password((*C.pwseal_api)(api), (*C.pwseal_change_request)(change), &out)
	})
	return unsafe.Pointer(out), err
}

func apiPasswordChangeStatus(api unsafe.Pointer, requestID string) (unsafe.Pointer, error) {
	id := []byte(requestID)
	var out *C.pwseal_request
	err := call(func() C.pwseal_status {
		return C.pwseal_api_password_change_status((*C.pwseal_api)(api), charsOf(id), C.size_t(len(id)), &out)
	})
	return unsafe.Pointer(out), err
}

func apiGenerateDigitToken(api unsafe.Pointer, userID string, options DigitTokenOptions) (unsafe.Pointer, error) {
	id := []byte(userID)
	var out *C.pwseal_request
	err := call(func() C.pwseal_status {
		return C.pwseal_api_generate_digit_token((*C.pwseal_api)(api), charsOf(id), C.size_t(len(id)),
			C.uint32_t(options.Length), C.uint32_t(options.Minutes), &out)
	})
	return unsafe.Pointer(out), err
}

func requestFree(request unsafe.Pointer) {
	C.pwseal_request_free((*C.pwseal_request)(request))
}

func requestFieldsOf(request unsafe.Pointer) (fields requestFields) {
	http := C.pwseal_request_http((*C.pwseal_request)(request))
	fields.method, fields.url = stringOf(http.method), stringOf(http.url)
	for _, header := range unsafe.Slice(http.headers, int(http.headers_len)) {
		fields.headers = append(fields.headers, [2]string{stringOf(header.name), stringOf(header.value)})
	}
	fields.body = C.GoBytes(unsafe.Pointer(http.body.data), C.int(http.body.len))
	return fields
}

// Answers

func answerRead(of operation, statusCode int, headers [][2]string, body []byte) (unsafe.Pointer, error) {
	var memory arena
	defer memory.free()
	pairs := make([]C.pwseal_header, len(headers)+1)
	for i, header := range headers {
		pairs[i].name, pairs[i].value = memory.text(header[0]), memory.text(header[1])
	}
	var out *C.pwseal_answer
	err := call(func() C.pwseal_status {
		return C.pwseal_answer_read(C.pwseal_operation(of), C.int32_t(statusCode), &pairs[0], C.size_t(len(headers)),
			bytesOf(body), C.size_t(len(body)), &out)
	})
	return unsafe.Pointer(out), err
}

func answerFree(answer unsafe.Pointer) {
	C.pwseal_answer_free((*C.pwseal_answer)(answer))
}

func answerOutcome(answer unsafe.Pointer) error {
	return call(func() C.pwseal_status { return C.pwseal_answer_outcome((*C.pwseal_answer)(answer)) })
}

// answerDetails is what there is to tell of an answer that is no success. What cannot be told is left out.
func answerDetails(pointer unsafe.Pointer) APIError {
	answer := (*C.pwseal_answer)(pointer)
	details := APIError{Retryable: bool(C.pwseal_answer_retryable(answer))}
	if seconds := C.pwseal_answer_retry_after(answer); seconds > 0 {
		details.RetryAfter = duration(uint64(seconds), time.Second)
	}
	details.DetailCode, _ = optional(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_answer_detail_code(answer, out)
	})
	details.TrackingID, _ = optional(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_answer_tracking_id(answer, out)
	})
	locale := []byte("en-US")
	details.Text, _ = optional(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_answer_refusal(answer, charsOf(locale), C.size_t(len(locale)), out)
	})
	return details
}

func answerPasswordInfo(answer unsafe.Pointer) (unsafe.Pointer, error) {
	var out *C.pwseal_password_info
	err := call(func() C.pwseal_status { return C.pwseal_answer_password_info((*C.pwseal_answer)(answer), &out) })
	return unsafe.Pointer(out), err
}

func answerRequestID(answer unsafe.Pointer) (string, error) {
	return optional(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_answer_request_id((*C.pwseal_answer)(answer), out)
	})
}

func answerState(answer unsafe.Pointer) (State, error) {
	name, err := optional(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_answer_state_name((*C.pwseal_answer)(answer), out)
	})
	return State(name), err
}

func answerErrorsAndSources(pointer unsafe.Pointer) (errors, sources []string, err error) {
	answer := (*C.pwseal_answer)(pointer)
	errors = make([]string, int(C.pwseal_answer_error_count(answer)))
	for i := range errors {
		if errors[i], err = lent(func(out *C.pwseal_text) C.pwseal_status {
			return C.pwseal_answer_error(answer, C.size_t(i), out)
		}); err != nil {
			return nil, nil, err
		}
	}
	sources = make([]string, int(C.pwseal_answer_source_id_count(answer)))
	for i := range sources {
		if sources[i], err = lent(func(out *C.pwseal_text) C.pwseal_status {
			return C.pwseal_answer_source_id(answer, C.size_t(i), out)
		}); err != nil {
			return nil, nil, err
		}
	}
	return errors, sources, nil
}

func answerDigitToken(answer unsafe.Pointer) ([]byte, error) {
	return lentBytes(func(out *C.pwseal_text) C.pwseal_status {
		return C.pwseal_answer_digit_token((*C.pwseal_answer)(answer), out)
	})
}

func pollOf(poll StatusPoll) C.pwseal_poll {
	return C.pwseal_poll{changes: C.uint32_t(poll.Changes), patience_ms: milliseconds(poll.Patience)}
}

func pollDelay(poll StatusPoll, elapsed time.Duration) time.Duration {
	native := pollOf(poll)
	return duration(uint64(C.pwseal_poll_delay(&native, milliseconds(elapsed))), time.Millisecond)
}

func pollNext(poll StatusPoll, answer unsafe.Pointer, elapsed time.Duration) (NextStep, time.Duration, error) {
	native := pollOf(poll)
	var next C.pwseal_next
	var after C.uint64_t
	err := call(func() C.pwseal_status {
		return C.pwseal_poll_next(&native, (*C.pwseal_answer)(answer), milliseconds(elapsed), &next, &after)
	})
	return NextStep(next), duration(uint64(after), time.Millisecond), err
}

// milliseconds rounds up, so that a short patience does not stand for the usual one.
func milliseconds(d time.Duration) C.uint64_t {
	if d <= 0 {
		return 0
	}
	return C.uint64_t((d-1)/time.Millisecond + 1)
}

// duration is the longest one where there are too many units for it.
func duration(count uint64, unit time.Duration) time.Duration {
	const longest = 1<<63 - 1
	if count > longest/uint64(unit) {
		return longest
	}
	return time.Duration(count) * unit
}
