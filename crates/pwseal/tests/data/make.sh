#!/bin/sh
# Made the keys and certificates of this folder. They are for tests alone: their private
# halves are public. A file that exists is kept. Needs OpenSSL 3, keytool and ssh-keygen.
set -eu
cd "$(dirname "$0")"

# make FILE COMMAND...: runs the command, which is to write FILE, unless that exists.
make() {
    file=$1
    shift
    [ -e "$file" ] || "$@"
}

# OpenSSL rounds 2049 down to 2048, Java does not.
generate_2049() {
    keytool -genkeypair -alias test -keyalg RSA -keysize 2049 -dname CN=test \
        -storetype PKCS12 -keystore rsa2049.p12 -storepass testtest
    openssl pkcs12 -in rsa2049.p12 -nodes -nocerts -passin pass:testtest |
        openssl pkey -out rsa2049.private.pem
    rm rsa2049.p12
}
make rsa2049.private.pem generate_2049

for bits in 1024 2048 2049 3072 4096; do
    make rsa$bits.private.pem openssl genrsa -out rsa$bits.private.pem $bits
    make rsa$bits.spki.pem openssl pkey -pubout -in rsa$bits.private.pem -out rsa$bits.spki.pem
done

# Other forms of these.
make rsa2048.private.pkcs1.pem \
    openssl rsa -traditional -in rsa2048.private.pem -out rsa2048.private.pkcs1.pem
make rsa2048.private.encrypted.pem \
    openssl pkcs8 -topk8 -passout pass:test -in rsa2048.private.pem -out rsa2048.private.encrypted.pem
make rsa2048.private.pkcs1-encrypted.pem \
    openssl rsa -traditional -aes128 -passout pass:test -in rsa2048.private.pem -out rsa2048.private.pkcs1-encrypted.pem
for bits in 1024 2048; do
    make rsa$bits.pkcs1.pem \
        openssl rsa -RSAPublicKey_out -in rsa$bits.private.pem -out rsa$bits.pkcs1.pem
done
make rsa2048.certificate.pem \
    openssl req -x509 -new -key rsa2048.private.pem -subj '/CN=pwseal test' -days 36500 -out rsa2048.certificate.pem
make rsa2048.request.pem \
    openssl req -new -key rsa2048.private.pem -subj '/CN=pwseal test' -out rsa2048.request.pem

# Keys of other kinds.
make pss.private.pem openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.private.pem
make ec.private.pem openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.private.pem
make ed25519.private.pem openssl genpkey -algorithm ED25519 -out ed25519.private.pem
make x25519.private.pem openssl genpkey -algorithm X25519 -out x25519.private.pem
if [ ! -e dsa.private.pem ]; then
    openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -out dsa.parameters.pem
    openssl genpkey -paramfile dsa.parameters.pem -out dsa.private.pem
    rm dsa.parameters.pem
fi
for kind in pss ec ed25519 x25519 dsa; do
    make $kind.spki.pem openssl pkey -pubout -in $kind.private.pem -out $kind.spki.pem
done
make ec.private.sec1.pem openssl ec -in ec.private.pem -out ec.private.sec1.pem
make ec.certificate.pem \
    openssl req -x509 -new -key ec.private.pem -subj '/CN=pwseal test' -days 36500 -out ec.certificate.pem
make openssh.private ssh-keygen -q -t rsa -b 1024 -N '' -C 'pwseal test' -f openssh.private
[ ! -e openssh.private.pub ] || mv openssh.private.pub openssh.pub
