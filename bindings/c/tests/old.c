/*
 * A program from before: compiled against an older header (tests/headers), it links
 * to the library of today and works with it.
 *
 *     old KEY_FILE
 */
#include "pwseal-0.1.0.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    static uint8_t file[4096];
    uint8_t password[] = "hunter2";
    uint8_t bytes[256];
    char text[345];
    size_t len;
    pwseal_key *key = NULL;
    FILE *stream = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (stream == NULL) {
        return 2;
    }
    len = fread(file, 1, sizeof file, stream);
    fclose(stream);

    if (pwseal_key_parse(NULL, 0, &key) != PWSEAL_STATUS_INVALID_KEY
        || strcmp(pwseal_last_error(), "the key is empty") != 0
        || strcmp(pwseal_status_message(PWSEAL_STATUS_RANDOM_SOURCE), "the operating system gave no random bytes") != 0
        || pwseal_key_parse(file, len, &key) != PWSEAL_STATUS_OK
        || pwseal_key_bits(key) != 2048
        || pwseal_key_size(key) != sizeof bytes
        || pwseal_key_max_password_len(key) != 245) {
        return 1;
    }
    len = sizeof text;
    if (pwseal_key_fingerprint(key, text, &len) != PWSEAL_STATUS_OK || len != 64) {
        return 1;
    }
    len = sizeof bytes;
    if (pwseal_key_encrypt(key, password, 7, bytes, &len) != PWSEAL_STATUS_OK || len != sizeof bytes) {
        return 1;
    }
    len = sizeof text;
    if (pwseal_key_encrypt_base64(key, password, 7, text, &len) != PWSEAL_STATUS_OK || len != sizeof text - 1) {
        return 1;
    }
    pwseal_key_free(key);
    pwseal_wipe(password, sizeof password);
    return password[0] == 0 ? 0 : 1;
}
