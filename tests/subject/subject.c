/*
 * What main.rs does, in C and through the C interface: `subject MODE SCENARIO BACKEND KEY-FILE
 * LENGTH`, where the backend must be "detected".
 */
#define _GNU_SOURCE
#include <pwseal.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pwseal_key *key;
static uint8_t password[4096];
static size_t password_len;
static char encrypted[1024];
static int prints;

static void require(int is_so, const char *what)
{
    if (!is_so) {
        fprintf(stderr, "%s: %s\n", what, pwseal_last_error());
        exit(2);
    }
}

static pwseal_status encrypt(void)
{
    size_t len = sizeof encrypted;
    return pwseal_key_encrypt_base64(key, password, password_len, encrypted, &len);
}

/* In hexadecimal digits, as main.rs does. */
static void print(void)
{
    for (const char *c = encrypted; prints && *c; c++)
        printf("%02x", *c);
    if (prints)
        printf("\n");
}

static __attribute__((noinline)) void run(const char *scenario)
{
    if (strcmp(scenario, "encrypt") == 0) {
        require(encrypt() == PWSEAL_STATUS_OK, "encrypt");
        print();
    } else if (strcmp(scenario, "too-long") == 0) {
        require(encrypt() == PWSEAL_STATUS_PASSWORD_TOO_LONG, "too long");
    } else if (strcmp(scenario, "fork") == 0) {
        require(encrypt() == PWSEAL_STATUS_OK, "before");
        print();
        fflush(stdout);
        pid_t child = fork();
        for (int i = 0; i < 3; i++) {
            require(encrypt() == PWSEAL_STATUS_OK, "after");
            print();
        }
        fflush(stdout);
        if (child == 0)
            _exit(0);
        int status;
        require(waitpid(child, &status, 0) == child && status == 0, "the child");
    } else {
        require(0, scenario);
    }
}

static void on_signal(int number)
{
    (void)number;
}

int main(int argc, char **argv)
{
    static uint8_t file[4096];
    require(argc == 6 && strcmp(argv[3], "detected") == 0, "arguments");
    FILE *stream = fopen(argv[4], "rb");
    require(stream != NULL, argv[4]);
    size_t len = fread(file, 1, sizeof file, stream);
    fclose(stream);
    require(pwseal_key_parse(file, len, &key) == PWSEAL_STATUS_OK, "key");
    prints = strcmp(argv[1], "print") == 0;
    if (prints) {
        printf("detected\n");
        fflush(stdout);
    }
    signal(SIGUSR1, on_signal);
    password_len = strtoul(argv[5], NULL, 10);
    require(read(STDIN_FILENO, password, password_len) == (ssize_t)password_len, "password");

    run(argv[2]);
    pwseal_wipe(password, sizeof password);
    if (strcmp(argv[1], "still") == 0) {
        raise(SIGSTOP);
        raise(SIGUSR1);
        raise(SIGSTOP);
    }
    pwseal_key_free(key);
    return 0;
}
