/*
 * `registers PROCESS` prints the registers of every thread of a process that stands still: lines of the
 * thread's number and hexadecimal digits, the general registers on one and the vector registers on the next.
 */
#include <dirent.h>
#include <elf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

static void require(int is_so, const char *what)
{
    if (!is_so) {
        perror(what);
        exit(2);
    }
}

static void print(pid_t thread, long set)
{
    static uint8_t content[1 << 14];
    struct iovec area = { content, sizeof content };
    require(ptrace(PTRACE_GETREGSET, thread, (void *)set, &area) == 0, "registers");
    require(area.iov_len < sizeof content, "room for the registers");
    printf("%d ", (int)thread);
    for (size_t i = 0; i < area.iov_len; i++)
        printf("%02x", content[i]);
    printf("\n");
}

int main(int argc, char **argv)
{
    char path[64];
    struct dirent *entry;
    require(argc == 2, "arguments");
    snprintf(path, sizeof path, "/proc/%s/task", argv[1]);
    DIR *threads = opendir(path);
    require(threads != NULL, path);
    while ((entry = readdir(threads))) {
        pid_t thread = atoi(entry->d_name);
        int status;
        if (thread == 0)
            continue; /* . and .. */
        require(ptrace(PTRACE_SEIZE, thread, NULL, NULL) == 0, "seize");
        require(ptrace(PTRACE_INTERRUPT, thread, NULL, NULL) == 0, "interrupt");
        require(waitpid(thread, &status, __WALL) == thread && WIFSTOPPED(status), "stop");
        print(thread, NT_PRSTATUS);
        print(thread, NT_X86_XSTATE);
        require(ptrace(PTRACE_DETACH, thread, NULL, NULL) == 0, "detach");
    }
    closedir(threads);
    return 0;
}
