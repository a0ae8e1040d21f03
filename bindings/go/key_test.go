package pwseal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"
)

func TestAKeyHasTheFactsThatGoFinds(t *testing.T) {
	key := exampleKey(t)
	block, _ := pem.Decode(example(t, "public-key.pem"))
	sum := sha256.Sum256(block.Bytes)
	modulus := privateKey(t).PublicKey
	if key.Bits() != modulus.N.BitLen() || key.MaxPasswordLen() != modulus.Size()-11 ||
		key.Fingerprint() != hex.EncodeToString(sum[:]) {
		t.Error(key.Bits(), key.MaxPasswordLen(), key.Fingerprint())
	}
	der, err := ParsePublicKey(x509.MarshalPKCS1PublicKey(&modulus))
	if err != nil || der.Fingerprint() != key.Fingerprint() {
		t.Error(der, err)
	}
}

func TestGoDecryptsWhatIsEncrypted(t *testing.T) {
	key := exampleKey(t)
	for _, password := range []string{password, "x", strings.Repeat("y", 245), "p\x00\xff\n"} {
		given := []byte(password)
		ciphertext, err := key.Encrypt(given)
		if err != nil || decrypt(t, ciphertext) != password {
			t.Errorf("%q: %v", password, err)
		}
		text, err := key.EncryptBase64(given)
		if err != nil || decryptBase64(t, text) != password || len(text) != 344 {
			t.Errorf("%q: %v", password, err)
		}
		if string(given) != password {
			t.Errorf("%q was changed", password)
		}
	}
	one, _ := key.Encrypt([]byte(password))
	two, _ := key.Encrypt([]byte(password))
	if bytes.Equal(one, two) {
		t.Error("the padding is not random")
	}
}

func TestManyAreEncryptedInOrder(t *testing.T) {
	key := exampleKey(t)
	for _, count := range []int{0, 1, 7, 130} {
		passwords := make([][]byte, count)
		for i := range passwords {
			passwords[i] = []byte(fmt.Sprint("hunter", i))
		}
		ciphertexts, err := key.EncryptMany(passwords)
		if err != nil || len(ciphertexts) != count {
			t.Fatal(count, len(ciphertexts), err)
		}
		texts, err := key.EncryptManyBase64(passwords)
		if err != nil || len(texts) != count {
			t.Fatal(count, len(texts), err)
		}
		for i := range passwords {
			want := string(passwords[i])
			if got := decrypt(t, ciphertexts[i]); got != want {
				t.Errorf("%d is %q", i, got)
			}
			if got := decryptBase64(t, texts[i]); got != want {
				t.Errorf("%d is %q in base64", i, got)
			}
		}
	}
	// What is appended to one ciphertext does not go into the next one.
	ciphertexts, _ := key.EncryptMany([][]byte{[]byte("a"), []byte("b")})
	_ = append(ciphertexts[0], 0xff)
	if decrypt(t, ciphertexts[1]) != "b" {
		t.Error("an append changed the next ciphertext")
	}
}

func TestARefusedPasswordSaysWhy(t *testing.T) {
	key := exampleKey(t)
	long := []byte(strings.Repeat("z", 246))
	for _, test := range []struct {
		password []byte
		code     Code
		message  string
	}{
		{nil, ErrEmptyPassword, "the password is empty"},
		{[]byte{}, ErrEmptyPassword, "the password is empty"},
		{long, ErrPasswordTooLong, "the password has 246 bytes"},
	} {
		_, one := key.Encrypt(test.password)
		_, many := key.EncryptMany([][]byte{[]byte("a"), test.password})
		_, text := key.EncryptBase64(test.password)
		_, texts := key.EncryptManyBase64([][]byte{[]byte("a"), test.password})
		for _, err := range []error{one, text, many, texts} {
			var full *Error
			if !errors.Is(err, test.code) || !errors.As(err, &full) || strings.Contains(err.Error(), "zzz") {
				t.Errorf("%v", err)
			}
		}
		var first, second *Error
		if !errors.As(one, &first) || !errors.As(many, &second) || first.Index != -1 || second.Index != 1 ||
			test.code == ErrPasswordTooLong && (second.Given != 246 || second.Wanted != 245) {
			t.Errorf("%+v %+v", first, second)
		}
		if !strings.Contains(one.Error(), test.message) || !strings.Contains(many.Error(), "at index 1 of the batch") {
			t.Error(one, many)
		}
	}
}

// Also where the passwords before it were given to the library in another call.
func TestTheIndexIsThatInTheWholeBatch(t *testing.T) {
	key := exampleKey(t)
	passwords := make([][]byte, 100)
	for i := range passwords {
		passwords[i] = []byte("hunter2")
	}
	for _, refused := range [][]byte{nil, make([]byte, 246)} {
		for _, index := range []int{0, 15, 16, 37, 99} {
			passwords[index] = refused
			ciphertexts, err := key.EncryptMany(passwords)
			texts, second := key.EncryptManyBase64(passwords)
			for _, err := range []error{err, second} {
				var full *Error
				if !errors.As(err, &full) || full.Index != int64(index) || !strings.Contains(err.Error(), fmt.Sprintf("index %d of", index)) {
					t.Errorf("%d: %v", index, err)
				}
			}
			if ciphertexts != nil || texts != nil {
				t.Error("there are ciphertexts")
			}
			passwords[index] = []byte("hunter2")
		}
	}
}

func TestACodeSaysWhatItMeans(t *testing.T) {
	if got := ErrInvalidKey.Error(); !strings.HasPrefix(got, "pwseal: ") || strings.Contains(got, "unknown") {
		t.Error(got)
	}
	_, err := ParsePublicKey([]byte("AIIBIjAN"))
	if !errors.Is(err, ErrInvalidKey) || errors.Is(err, ErrUnsupportedKey) || !strings.Contains(err.Error(), "not DER") {
		t.Error(err)
	}
	_, err = ParsePublicKey(example(t, "private-key.pem"))
	if !errors.Is(err, ErrUnsupportedKey) || !strings.Contains(err.Error(), "private") {
		t.Error(err)
	}
}

func TestWhatIsClosedIsRefused(t *testing.T) {
	key := exampleKey(t)
	key.Close()
	key.Close()
	for _, key := range []*PublicKey{key, {}} {
		if _, err := key.Encrypt([]byte(password)); err != ErrClosed {
			t.Error(err)
		}
		if _, err := key.EncryptMany([][]byte{[]byte(password)}); err != ErrClosed {
			t.Error(err)
		}
	}
	new(PublicKey).Close()
	// As `defer object.Close()` before the error is looked at.
	for _, object := range []interface{ Close() }{
		(*PublicKey)(nil), (*Policy)(nil), (*Dictionary)(nil), (*PasswordInfo)(nil), (*ChangeRequest)(nil), (*API)(nil),
	} {
		object.Close()
	}
}

// A program that does not look at an error has a nil, which must not end it.
func TestANilIsRefused(t *testing.T) {
	var (
		key    *PublicKey
		policy *Policy
		info   *PasswordInfo
		change *ChangeRequest
		api    *API
		secret = []byte(password)
		ctx    = context.Background()
	)
	for i, call := range []func() error{
		func() error { _, err := key.Encrypt(secret); return err },
		func() error { _, err := key.EncryptBase64(secret); return err },
		func() error { _, err := key.EncryptMany([][]byte{secret}); return err },
		func() error { _, err := key.EncryptManyBase64([][]byte{secret}); return err },
		func() error { _, err := policy.Rules(); return err },
		func() error { _, err := policy.Check(secret, Context{}); return err },
		func() error { _, err := policy.Generate(GenerateOptions{}); return err },
		func() error { _, err := info.PublicKey(); return err },
		func() error { _, err := info.Policy(); return err },
		func() error { _, err := info.Check("", secret, Context{}); return err },
		func() error { _, err := info.Generate("", GenerateOptions{}); return err },
		func() error { _, err := info.ChangeRequest("", secret, ChangeOptions{}); return err },
		func() error { _, err := change.Body(); return err },
		func() error { _, err := api.QueryPasswordInfo(ctx, "Abby.Smith", "My-AD"); return err },
		func() error { _, err := api.SetPassword(ctx, change); return err },
		func() error { _, err := api.PasswordChangeStatus(ctx, "id"); return err },
		func() error { _, err := api.GenerateDigitToken(ctx, "id", DigitTokenOptions{}); return err },
	} {
		if err := call(); err != ErrClosed {
			t.Error(i, err)
		}
	}
	if key.Bits() != 0 || key.MaxPasswordLen() != 0 || key.Fingerprint() != "" || info.IdentityID() != "" || info.SourceID() != "" ||
		info.PublicKeyID() != "" || len(info.Accounts()) != 0 || len(change.Warnings()) != 0 {
		t.Error("a nil has facts")
	}
}

// With -race this also finds a Close that does not wait.
func TestManyGoroutinesUseAKeyUntilOneClosesIt(t *testing.T) {
	key := exampleKey(t)
	var group sync.WaitGroup
	for i := 0; i < 8; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				_, err := key.Encrypt([]byte(password))
				// The message is that of this goroutine's call, on whatever thread it runs.
				if _, refused := key.Encrypt(nil); refused != ErrClosed && !strings.Contains(refused.Error(), "is empty") {
					t.Error(refused)
				}
				if _, refused := ParsePublicKey(nil); !errors.Is(refused, ErrInvalidKey) || !strings.Contains(refused.Error(), "key") {
					t.Error(refused)
				}
				if err == ErrClosed {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		}()
	}
	time.Sleep(50 * time.Millisecond)
	key.Close()
	group.Wait()
}

func TestTheCollectorGivesBackWhatIsNotClosed(t *testing.T) {
	freed := make(chan bool, 1)
	func() {
		key, err := ParsePublicKey(example(t, "public-key.pem"))
		if err != nil {
			t.Fatal(err)
		}
		free := key.handle.free
		key.handle.free = func(pointer unsafe.Pointer) {
			free(pointer)
			freed <- true
		}
	}()
	for i := 0; i < 6000; i++ {
		runtime.GC()
		select {
		case <-freed:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
	t.Error("the key was not given back")
}
