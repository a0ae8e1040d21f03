/* A program that forgets to free a key: valgrind has to find it. */
#include "pwseal.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    static uint8_t file[4096];
    pwseal_key *key = NULL;
    FILE *stream = argc == 2 ? fopen(argv[1], "rb") : NULL;
    size_t len = stream == NULL ? 0 : fread(file, 1, sizeof file, stream);
    if (stream != NULL) {
        fclose(stream);
    }
    return pwseal_key_parse(file, len, &key) == PWSEAL_STATUS_OK ? 0 : 2;
}
