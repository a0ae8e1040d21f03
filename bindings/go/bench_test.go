package pwseal

import (
	"crypto/rand"
	"crypto/rsa"
	"testing"
)

// Beside the Go library's: `go test -bench .`

func BenchmarkEncrypt(b *testing.B) {
	key, password := exampleKey(b), []byte(password)
	b.Run("pwseal", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; i < b.N; i++ {
			if _, err := key.Encrypt(password); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("crypto/rsa", func(b *testing.B) {
		b.ReportAllocs()
		public := &privateKey(b).PublicKey
		b.ResetTimer()
		for i := 0; i < b.N; i++ {
			if _, err := rsa.EncryptPKCS1v15(rand.Reader, public, password); err != nil {
				b.Fatal(err)
			}
		}
	})
	// Each b.N is one password, of batches of 1000.
	b.Run("pwseal, many", func(b *testing.B) {
		passwords := make([][]byte, 1000)
		for i := range passwords {
			passwords[i] = append([]byte(nil), password...)
		}
		b.ResetTimer()
		for i := 0; i < b.N; i += len(passwords) {
			if _, err := key.EncryptMany(passwords); err != nil {
				b.Fatal(err)
			}
		}
	})
}
