/*
 * `tracer FUNCTION TRACE VECTORS PROGRAM ARGUMENT...` runs a program until it enters the function at
 * this offset (hexadecimal), and then instruction by instruction until that returns. It writes the
 * registers before each instruction: rip, and sixteen in the order of their numbers; and a digest of
 * a vector register, for the instructions that the file VECTORS lists by offset and register.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *list_file;

static void require(int is_so, const char *what)
{
    if (!is_so) {
        perror(what);
        exit(2);
    }
}

/* Where the program is loaded: the start of its first map. */
static uint64_t base(pid_t child)
{
    char path[64];
    uint64_t start = 0;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)child);
    FILE *maps = fopen(path, "r");
    require(maps && fscanf(maps, "%" SCNx64, &start) == 1, path);
    fclose(maps);
    return start;
}

/* Which vector register is to be looked at before the instruction at an offset: -1 for none. */
static int vector_at(uint64_t offset)
{
    static struct { uint64_t offset; int number; } list[4096];
    static size_t count;
    if (list_file) {
        while (count < 4096 && fscanf(list_file, "%" SCNx64 " %d", &list[count].offset, &list[count].number) == 2)
            count++;
        require(count < 4096, "the list is too long");
        fclose(list_file);
        list_file = NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (list[i].offset == offset)
            return list[i].number;
    return -1;
}

/* FNV-1a of a vector register of 512 bits, from the standard form of XSAVE. */
static uint64_t digest(pid_t child, int number)
{
    static uint8_t state[1 << 14];
    struct iovec area = { state, sizeof state };
    require(ptrace(PTRACE_GETREGSET, child, (void *)NT_X86_XSTATE, &area) == 0, "vector registers");
    uint64_t hash = 0xcbf29ce484222325;
    size_t starts[3] = { 160 + 16 * (size_t)number, 576 + 16 * (size_t)number, 1152 + 32 * (size_t)number };
    size_t lens[3] = { 16, 16, 32 };
    if (number > 15) {
        starts[0] = 1664 + 64 * (size_t)(number - 16);
        lens[0] = 64;
        lens[1] = lens[2] = 0;
    }
    for (int part = 0; part < 3; part++)
        for (size_t i = 0; i < lens[part]; i++) {
            require(starts[part] + i < area.iov_len, "the CPU has no such register");
            hash = (hash ^ state[starts[part] + i]) * 0x100000001b3;
        }
    return hash;
}

int main(int argc, char **argv)
{
    require(argc > 4, "arguments");
    list_file = fopen(argv[3], "r");
    require(list_file != NULL, argv[3]);
    FILE *trace = fopen(argv[2], "wb");
    require(trace != NULL, argv[2]);
    pid_t child = fork();
    if (child == 0) {
        personality(ADDR_NO_RANDOMIZE);
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        execv(argv[4], argv + 4);
        _exit(3);
    }
    int status;
    require(waitpid(child, &status, 0) == child && WIFSTOPPED(status), "exec");
    uint64_t start = base(child), entry = start + strtoull(argv[1], NULL, 16);
    long code = ptrace(PTRACE_PEEKTEXT, child, (void *)entry, NULL);
    long trap = (long)(((uint64_t)code & ~(uint64_t)0xff) | 0xcc);
    require(ptrace(PTRACE_POKETEXT, child, (void *)entry, (void *)trap) == 0, "breakpoint");
    require(ptrace(PTRACE_CONT, child, NULL, NULL) == 0, "run");
    require(waitpid(child, &status, 0) == child && WIFSTOPPED(status), "the function was not reached");
    require(ptrace(PTRACE_POKETEXT, child, (void *)entry, (void *)code) == 0, "breakpoint");

    struct user_regs_struct r;
    require(ptrace(PTRACE_GETREGS, child, NULL, &r) == 0, "registers");
    require(r.rip == entry + 1, "stopped elsewhere");
    r.rip = entry;
    require(ptrace(PTRACE_SETREGS, child, NULL, &r) == 0, "registers");
    uint64_t back = (uint64_t)ptrace(PTRACE_PEEKDATA, child, (void *)r.rsp, NULL);
    while (r.rip != back) {
        int vector = vector_at(r.rip - start);
        uint64_t record[18] = { r.rip, r.rax, r.rcx, r.rdx, r.rbx, r.rsp, r.rbp, r.rsi, r.rdi,
                                r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15,
                                vector < 0 ? 0 : digest(child, vector) };
        require(fwrite(record, sizeof record, 1, trace) == 1, "trace");
        require(ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) == 0, "step");
        require(waitpid(child, &status, 0) == child && WIFSTOPPED(status), "it ended in the function");
        require(ptrace(PTRACE_GETREGS, child, NULL, &r) == 0, "registers");
    }
    require(fclose(trace) == 0, "trace");
    ptrace(PTRACE_KILL, child, NULL, NULL);
    return 0;
}
