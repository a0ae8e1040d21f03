/*
 * Preloaded into the subject: stands in for the operating system.
 *
 * SHIM_RANDOM  "known": the same in every run, and for a seed of 32 bytes in every call;
 *              "zeros", "fails", "short" (7 bytes at a time, every other time interrupted).
 * SHIM_TAINT   under valgrind, what read() gives is marked as undefined from the first read of
 *              standard input on, and write() may write it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

static int is(const char *name, const char *value)
{
    const char *set = getenv(name);
    return set && strcmp(set, value) == 0;
}

ssize_t getrandom(void *buffer, size_t len, unsigned flags)
{
    static int calls;
    volatile unsigned char *out = buffer;
    if (len == 0)
        return 0; /* asks whether there is such a call */
    if (is("SHIM_RANDOM", "fails")) {
        errno = EIO;
        return -1;
    }
    if (is("SHIM_RANDOM", "zeros")) {
        memset(buffer, 0, len);
        return (ssize_t)len;
    }
    if (is("SHIM_RANDOM", "short")) {
        if (calls++ % 2) {
            errno = EINTR;
            return -1;
        }
        return syscall(SYS_getrandom, buffer, len < 7 ? len : 7, flags);
    }
    if (is("SHIM_RANDOM", "known") && len >= 32) {
        size_t call = len == 32 ? 0 : (size_t)calls++;
        for (size_t i = 0; i < len; i++)
            out[i] = (unsigned char)(0x5b + i * i * 3 + i * 89 + call * (29 * i + 3));
        return (ssize_t)len;
    }
    return syscall(SYS_getrandom, buffer, len, flags);
}

ssize_t read(int fd, void *buffer, size_t len)
{
    ssize_t count = syscall(SYS_read, fd, buffer, len);
    if (fd != STDIN_FILENO && count > 0 && getenv("SHIM_TAINT") && lseek(fd, 0, SEEK_CUR) < 0)
        VALGRIND_MAKE_MEM_UNDEFINED(buffer, count); /* a pipe: the subject's copy of stdin */
    return count;
}

ssize_t write(int fd, const void *buffer, size_t len)
{
    if (getenv("SHIM_TAINT"))
        VALGRIND_MAKE_MEM_DEFINED(buffer, len);
    return syscall(SYS_write, fd, buffer, len);
}
