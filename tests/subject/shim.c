/*
 * Preloaded into the subject: stands in for the operating system.
 *
 * SHIM_RANDOM  "known": the same in every run, and for a seed of 32 bytes in every call;
 *              "zeros", "fails", "short" (7 bytes at a time, every other time interrupted).
 * SHIM_MALLOC  how many allocations succeed after the first read from a pipe. The next one fails, which
 *              is said on standard error.
 * SHIM_FORK    getppid() forks, and returns in both processes.
 * SHIM_TAINT   under valgrind, what read() gives from a pipe is marked as undefined, and write()
 *              may write it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <valgrind/memcheck.h>

static int is(const char *name, const char *value)
{
    const char *set = getenv(name);
    return set && strcmp(set, value) == 0;
}

/* Lets another program than the parent read the registers, where Linux is told to refuse that (Yama). */
static __attribute__((constructor)) void let_registers_be_read(void)
{
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
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

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static int counts; /* whether allocations are counted: since the first read from a pipe */

static int fails(void)
{
    static int left = -1;
    if (!counts)
        return 0;
    if (left < 0) {
        const char *set = getenv("SHIM_MALLOC");
        left = set ? atoi(set) : 1 << 30;
    }
    if (left-- > 0)
        return 0;
    /* Only once: the message about it takes memory too. */
    counts = 0;
    static const char said[] = "an allocation fails\n";
    syscall(SYS_write, STDERR_FILENO, said, sizeof said - 1);
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    return fails() ? NULL : __libc_realloc(block, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = fails() ? NULL : __libc_memalign(alignment, size);
    return *block ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

pid_t getppid(void)
{
    if (getenv("SHIM_FORK"))
        fork();
    return (pid_t)syscall(SYS_getppid);
}

ssize_t read(int fd, void *buffer, size_t len)
{
    ssize_t count = syscall(SYS_read, fd, buffer, len);
    if (count > 0 && lseek(fd, 0, SEEK_CUR) < 0) { /* a pipe: a password */
        counts = 1;
        if (getenv("SHIM_TAINT"))
            VALGRIND_MAKE_MEM_UNDEFINED(buffer, count);
    }
    return count;
}

ssize_t write(int fd, const void *buffer, size_t len)
{
    if (getenv("SHIM_TAINT"))
        VALGRIND_MAKE_MEM_DEFINED(buffer, len);
    return syscall(SYS_write, fd, buffer, len);
}
