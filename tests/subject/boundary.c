/*
 * Any bytes through the C interface: `boundary ROUNDS FILE...` gives every file to it, and changed
 * versions of each. All buffers are as long as they are said to be, so that AddressSanitizer sees a
 * byte that is read or written beyond one.
 */
#include <pwseal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state = 0x9e3779b97f4a7c15;

static size_t below(size_t bound)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % bound);
}

static void require(int is_so, const char *what)
{
    if (!is_so) {
        fprintf(stderr, "%s: %s\n", what, pwseal_last_error());
        abort();
    }
}

/* Outputs of every length around the right one. */
static void write_outputs(const pwseal_key *key, const uint8_t *password, size_t password_len)
{
    size_t size = pwseal_key_size(key);
    for (size_t room = size - 2; room <= size + 1; room++) {
        uint8_t *out = malloc(room);
        size_t len = room;
        pwseal_status status = pwseal_key_encrypt(key, password, password_len, out, &len);
        /* A failure beside the room leaves it as it is. */
        require(len == (status == PWSEAL_STATUS_OK || room < size ? size : room), "the length");
        require((status == PWSEAL_STATUS_BUFFER_TOO_SMALL) == (room < size), "the room");
        require(status != PWSEAL_STATUS_PANIC, "a panic");
        free(out);
    }
    size_t len = 0;
    require(pwseal_key_encrypt_base64(key, password, password_len, NULL, &len)
                == PWSEAL_STATUS_BUFFER_TOO_SMALL, "asked for the length");
    char *text = malloc(len);
    pwseal_status status = pwseal_key_encrypt_base64(key, password, password_len, text, &len);
    require(status == PWSEAL_STATUS_OK ? strlen(text) + 1 == len
                                       : status == PWSEAL_STATUS_EMPTY_PASSWORD
                                             || status == PWSEAL_STATUS_PASSWORD_TOO_LONG, "text");
    free(text);
    char fingerprint[65];
    len = sizeof fingerprint;
    require(pwseal_key_fingerprint(key, fingerprint, &len) == PWSEAL_STATUS_OK && len == 65, "digest");
}

static int one(const uint8_t *bytes, size_t len)
{
    uint8_t *input = malloc(len ? len : 1);
    memcpy(input, bytes, len);
    pwseal_key *key = NULL;
    pwseal_status status = pwseal_key_parse(input, len, &key);
    require(status == PWSEAL_STATUS_OK || status == PWSEAL_STATUS_INVALID_KEY, "parse");
    require((key != NULL) == (status == PWSEAL_STATUS_OK), "a key or none");
    if (key) {
        require(pwseal_key_max_password_len(key) + 11 == pwseal_key_size(key), "lengths");
        /* A long exponent is allowed, and slow. */
        if (len < 1024)
            write_outputs(key, input, below(len + 1));
    }
    pwseal_key_free(key);
    require(pwseal_wipe(input, len) == PWSEAL_STATUS_OK, "wipe");
    for (size_t i = 0; i < len; i++)
        require(input[i] == 0, "wiped");
    free(input);
    return status == PWSEAL_STATUS_OK;
}

int main(int argc, char **argv)
{
    static uint8_t file[1 << 16], changed[1 << 16];
    size_t keys = 0, refused = 0;
    require(argc > 2, "arguments");
    size_t rounds = strtoul(argv[1], NULL, 10);
    for (int i = 2; i < argc; i++) {
        FILE *stream = fopen(argv[i], "rb");
        require(stream != NULL, argv[i]);
        size_t len = fread(file, 1, sizeof file, stream);
        fclose(stream);
        for (size_t round = 0; round <= rounds; round++) {
            memcpy(changed, file, len);
            size_t cut = round % 4 == 3 ? below(len + 1) : len;
            for (size_t edits = round; edits && len; edits /= 4)
                changed[below(len)] ^= (uint8_t)(1 << below(8));
            *(one(changed, cut) ? &keys : &refused) += 1;
        }
    }
    printf("%zu keys, %zu refused\n", keys, refused);
    require(keys > 0 && refused > 0, "both kinds");
    return 0;
}
