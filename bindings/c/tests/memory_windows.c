/* What the library leaves of a password in the memory of a process and in the registers of its threads, on Windows:
 *
 *     memory_windows KEY
 *
 * It runs itself, hands a password over, and when that one is encrypted looks for any eight bytes of it, forwards or backwards, as
 * numbers hold them, in all that the other process can write and in the vector registers of all its threads. A copy that is
 * planted in memory, and one in a register that a function must keep for its caller, must be found. */
#include <pwseal.h>

#include <immintrin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <tlhelp32.h>

#define PASSWORD 160
#define PIECE 8

static unsigned char password[PASSWORD];

static void check(int is_right, const char *what)
{
    if (!is_right) {
        fprintf(stderr, "%s: error %lu, %s\n", what, GetLastError(), pwseal_last_error());
        ExitProcess(1);
    }
}

/* What that process returns where the CPU has no such backend. */
#define HAS_NOT 3

/* The process that is looked at: stdin has the password, then nothing until it may end. */
static int subject(const char *path, const char *plant)
{
    /* Whoever reads a file keeps no password: this is the key. */
    static unsigned char file[4096];
    unsigned char secret[PASSWORD], out[512];
    size_t out_len = sizeof out;
    DWORD read = 0, written;
    char byte;
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE), key_file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    pwseal_key *key = NULL;
    volatile unsigned char *copy = NULL;
    size_t index;
    check(key_file != INVALID_HANDLE_VALUE && ReadFile(key_file, file, sizeof file, &read, NULL), "a key");
    if (pwseal_prefer_backend_from_env() == PWSEAL_STATUS_INVALID_BACKEND && strstr(pwseal_last_error(), "this CPU") != NULL)
        return HAS_NOT;
    check(pwseal_prefer_backend_from_env() == PWSEAL_STATUS_OK, "a backend");
    check(pwseal_key_parse(file, read, &key) == PWSEAL_STATUS_OK, "a key that is one");
    check(ReadFile(in, secret, sizeof secret, &read, NULL) && read == sizeof secret, "a password");
    if (strcmp(plant, "memory") == 0) {
        copy = malloc(PASSWORD);
        for (index = 0; index < PASSWORD; index++)
            copy[index] = secret[index];
    }
    check(pwseal_key_encrypt(key, secret, sizeof secret, out, &out_len) == PWSEAL_STATUS_OK, "a ciphertext");
    if (strcmp(plant, "register") == 0)
        __asm__ volatile("movups (%0), %%xmm6" : : "r"(secret + 16) : "xmm6");
    pwseal_wipe(secret, sizeof secret);
    WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), "!", 1, &written, NULL);
    ReadFile(in, &byte, 1, &read, NULL);
    free((void *)copy);
    pwseal_key_free(key);
    return 0;
}

/* How many pieces of the password are there. */
static size_t pieces(const unsigned char *bytes, size_t len)
{
    static unsigned char backwards[PASSWORD];
    size_t found = 0, at, from;
    for (at = 0; at < PASSWORD; at++)
        backwards[at] = password[PASSWORD - 1 - at];
    for (at = 0; at + PIECE <= len; at++)
        for (from = 0; from + PIECE <= PASSWORD; from++)
            if (bytes[at] == password[from] ? memcmp(bytes + at, password + from, PIECE) == 0
                                            : bytes[at] == backwards[from] && memcmp(bytes + at, backwards + from, PIECE) == 0)
                found++;
    return found;
}

static size_t in_memory(HANDLE process, size_t *looked_at)
{
    MEMORY_BASIC_INFORMATION region;
    unsigned char *address = NULL;
    size_t found = 0;
    const DWORD writable = PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
    for (; VirtualQueryEx(process, address, &region, sizeof region) != 0; address = (unsigned char *)region.BaseAddress + region.RegionSize) {
        SIZE_T read = 0;
        unsigned char *bytes;
        if (region.State != MEM_COMMIT || (region.Protect & writable) == 0 || (region.Protect & PAGE_GUARD) != 0)
            continue;
        bytes = malloc(region.RegionSize);
        check(bytes != NULL, "memory");
        if (ReadProcessMemory(process, region.BaseAddress, bytes, region.RegionSize, &read))
            found += pieces(bytes, read);
        *looked_at += read;
        free(bytes);
    }
    return found;
}

static size_t in_registers(DWORD process, size_t *threads)
{
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    size_t found = 0;
    check(all != INVALID_HANDLE_VALUE && Thread32First(all, &entry), "threads");
    do {
        CONTEXT context = {.ContextFlags = CONTEXT_ALL};
        HANDLE thread;
        if (entry.th32OwnerProcessID != process)
            continue;
        thread = OpenThread(THREAD_ALL_ACCESS, FALSE, entry.th32ThreadID);
        check(thread != NULL && SuspendThread(thread) != (DWORD)-1 && GetThreadContext(thread, &context), "registers");
        found += pieces((const unsigned char *)&context, sizeof context);
        ++*threads;
        ResumeThread(thread);
        CloseHandle(thread);
    } while (Thread32Next(all, &entry));
    CloseHandle(all);
    return found;
}

static void look(const char *self, const char *key, const char *backend, const char *plant)
{
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    STARTUPINFOA startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES, .hStdError = GetStdHandle(STD_ERROR_HANDLE)};
    PROCESS_INFORMATION process;
    HANDLE to, from;
    DWORD count;
    char command[4000], byte;
    size_t bytes = 0, threads = 0, memory, registers;
    snprintf(command, sizeof command, "\"%s\" \"%s\" %s", self, key, plant);
    SetEnvironmentVariableA("PWSEAL_BACKEND", backend);
    check(CreatePipe(&startup.hStdInput, &to, &inherited, 0) && CreatePipe(&from, &startup.hStdOutput, &inherited, 0), "pipes");
    SetHandleInformation(to, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(from, HANDLE_FLAG_INHERIT, 0);
    check(CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process), "a process");
    CloseHandle(startup.hStdInput);
    CloseHandle(startup.hStdOutput);
    check(WriteFile(to, password, PASSWORD, &count, NULL), "a password");
    if (!ReadFile(from, &byte, 1, &count, NULL) || count == 0) {
        DWORD code = 0;
        WaitForSingleObject(process.hProcess, 10000);
        GetExitCodeProcess(process.hProcess, &code);
        check(code == HAS_NOT && backend != NULL && strcmp(backend, "portable") != 0, "the process encrypts");
        printf("%s: this CPU has it not\n", backend);
    } else {
        memory = in_memory(process.hProcess, &bytes);
        registers = in_registers(process.dwProcessId, &threads);
        printf("%s%s%s: %zu bytes and %zu threads, pieces in memory %zu, in registers %zu\n", backend == NULL ? "as it is" : backend,
            strcmp(plant, "none") ? ", planted in a " : "", strcmp(plant, "none") ? plant : "", bytes, threads, memory, registers);
        check(bytes > 100000 && threads > 0, "enough is looked at");
        if (strcmp(plant, "memory") == 0)
            check(memory > 0, "a copy in memory is found");
        else if (strcmp(plant, "register") == 0)
            check(registers > 0, "a copy in a register is found");
        else
            check(memory == 0 && registers == 0, "nothing of the password is left");
    }
    CloseHandle(to);
    WaitForSingleObject(process.hProcess, 10000);
    CloseHandle(from);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
}

int main(int count, char **args)
{
    static const char *const backends[] = {"portable", "adx", "avx2-x4", "avx512-x8", "ifma", "ifma-x8", "ifma-x8-winograd"};
    size_t index;
    if (count == 3)
        return subject(args[1], args[2]);
    check(count == 2, "one argument");
    srand(GetTickCount());
    /* No byte twice in a row, so that a memory of one value is not taken for a piece. */
    for (index = 0; index < PASSWORD; index++)
        password[index] = (unsigned char)(33 + (index * 37 + (size_t)rand() % 31) % 94);
    look(args[0], args[1], NULL, "memory");
    look(args[0], args[1], NULL, "register");
    look(args[0], args[1], NULL, "none");
    for (index = 0; index < sizeof backends / sizeof *backends; index++)
        look(args[0], args[1], backends[index], "none");
    return 0;
}
