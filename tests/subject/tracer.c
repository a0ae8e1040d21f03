/*
 * `tracer FUNCTION TRACE PROGRAM ARGUMENT...` runs a program until it enters the function at this
 * offset (hexadecimal), and then instruction by instruction until that returns. It writes the
 * registers before each instruction: rip, and sixteen in the order of their numbers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

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

int main(int argc, char **argv)
{
    require(argc > 3, "arguments");
    FILE *trace = fopen(argv[2], "wb");
    require(trace != NULL, argv[2]);
    pid_t child = fork();
    if (child == 0) {
        personality(ADDR_NO_RANDOMIZE);
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        execv(argv[3], argv + 3);
        _exit(3);
    }
    int status;
    require(waitpid(child, &status, 0) == child && WIFSTOPPED(status), "exec");
    uint64_t entry = base(child) + strtoull(argv[1], NULL, 16);
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
        uint64_t record[17] = { r.rip, r.rax, r.rcx, r.rdx, r.rbx, r.rsp, r.rbp, r.rsi, r.rdi,
                                r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14, r.r15 };
        require(fwrite(record, sizeof record, 1, trace) == 1, "trace");
        require(ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) == 0, "step");
        require(waitpid(child, &status, 0) == child && WIFSTOPPED(status), "it ended in the function");
        require(ptrace(PTRACE_GETREGS, child, NULL, &r) == 0, "registers");
    }
    require(fclose(trace) == 0, "trace");
    ptrace(PTRACE_KILL, child, NULL, NULL);
    return 0;
}
