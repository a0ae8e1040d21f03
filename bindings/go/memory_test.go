//go:build linux && !race

// The race detector has a shadow of all memory, which would take minutes to search.

package pwseal

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// copies counts where in the memory that this process can write a secret is. It is given inverted, so as not to be found itself.
func copies(t *testing.T, inverted []byte) int {
	t.Helper()
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	defer maps.Close()
	memory, err := os.Open("/proc/self/mem")
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	buffer := make([]byte, 1<<20)
	own := int64(uintptr(unsafe.Pointer(&buffer[0])))
	found := 0
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		if strings.Contains(lines.Text(), "[v") { // the kernel's own
			continue
		}
		var start, end int64
		var mode string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &start, &end, &mode); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(mode, "rw") {
			continue
		}
		// Pieces overlap, so that nothing at their edges is missed.
		for at := start; at < end; at += int64(len(buffer) - len(inverted)) {
			n, err := memory.ReadAt(buffer[:min64(end-at, int64(len(buffer)))], at)
			if err != nil && err != io.EOF {
				break
			}
			for i := 0; i+len(inverted) <= n; i++ {
				address := at + int64(i)
				if buffer[i] == ^inverted[0] && isInverse(buffer[i:], inverted) && (address < own || address >= own+int64(len(buffer))) {
					found++
				}
			}
			if at+int64(n) >= end {
				break
			}
		}
	}
	for i := range buffer {
		buffer[i] = 0
	}
	return found
}

func min64(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func isInverse(bytes, inverted []byte) bool {
	for i, b := range inverted {
		if bytes[i] != ^b {
			return false
		}
	}
	return true
}

// secret is a new password with a digit, and what to look for: its last 16 bytes. It is long, as what frees memory writes to its
// start.
func secret() (password, inverted []byte) {
	random := rand.New(rand.NewSource(time.Now().UnixNano()))
	password = make([]byte, 64)
	for i := range password {
		password[i] = byte('a' + i%2*13 + random.Intn(13))
	}
	password[0] = '7'
	inverted = make([]byte, 16)
	for i := range inverted {
		inverted[i] = ^password[len(password)-len(inverted)+i]
	}
	return password, inverted
}

func TestNoCopyOfAPasswordIsLeft(t *testing.T) {
	key, info := exampleKey(t), exampleInfo(t)
	api, err := NewAPI(V2026, "acme")
	if err != nil {
		t.Fatal(err)
	}
	for name, use := range map[string]func(password []byte) error{
		"Encrypt":           func(password []byte) error { _, err := key.Encrypt(password); return err },
		"EncryptBase64":     func(password []byte) error { _, err := key.EncryptBase64(password); return err },
		"EncryptMany":       func(password []byte) error { _, err := key.EncryptMany([][]byte{{1}, password}); return err },
		"EncryptManyBase64": func(password []byte) error { _, err := key.EncryptManyBase64([][]byte{{1}, password}); return err },
		"Check":             func(password []byte) error { _, err := info.Check("", password, Context{}); return err },
		"ChangeRequest": func(password []byte) error {
			change, err := info.ChangeRequest("", password, ChangeOptions{})
			if err != nil {
				return err
			}
			_, err = api.SetPassword(context.Background(), change)
			return err
		},
	} {
		password, inverted := secret()
		if err := use(password); err != nil {
			t.Fatal(name, err)
		}
		if count := copies(t, inverted); count != 1 {
			t.Errorf("%s: there are %d copies, beside the caller's", name, count-1)
		}
		Wipe(password)
		if count := copies(t, inverted); count != 0 {
			t.Errorf("%s: %d copies are left", name, count)
		}
	}
}

// On the heap, as a stack that grows leaves copies of its own.
var planted []byte

func TestACopyThatIsPlantedIsFound(t *testing.T) {
	password, inverted := secret()
	planted = append([]byte(nil), password...)
	if count := copies(t, inverted); count != 2 {
		t.Error(count)
	}
	planted = nil
	runtime.KeepAlive(password)
}

// A digit token is a secret as well: the body that it comes in is wiped.
func TestNoCopyOfADigitTokenIsLeft(t *testing.T) {
	digits, inverted := secret()
	body := &secretBody{prefix: `{"digitToken": "`, secret: digits, suffix: `"}`}
	response := answer(200, "")
	response.Body = io.NopCloser(body)
	token, err := ReadDigitToken(response)
	if err != nil {
		t.Fatal(err)
	}
	if count := copies(t, inverted); count != 2 {
		t.Errorf("there are %d copies, beside the server's and the caller's", count-2)
	}
	Wipe(token.Digits)
	Wipe(digits)
	if count := copies(t, inverted); count != 0 {
		t.Errorf("%d copies are left", count)
	}
}

type secretBody struct {
	prefix string
	secret []byte
	suffix string
	step   int
}

// Read gives long white space behind the secret, so that the buffer has to grow after it.
func (body *secretBody) Read(out []byte) (int, error) {
	body.step++
	switch {
	case body.step == 1:
		return copy(out, body.prefix), nil
	case body.step == 2:
		return copy(out, body.secret), nil
	case body.step == 3:
		return copy(out, body.suffix), nil
	case body.step < 6:
		for i := range out {
			out[i] = ' '
		}
		return len(out), nil
	}
	return 0, io.EOF
}
