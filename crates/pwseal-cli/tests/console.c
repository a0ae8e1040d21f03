/* What the command does at a console of Windows, which a test in Rust could only look at with unsafe code:
 *
 *     console PWSEAL KEY INFO ENCRYPTED
 *
 * PWSEAL is the program, KEY and INFO are of examples/, and to ENCRYPTED goes what a password that is typed was encrypted to.
 * It must be run at a console. */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <windows.h>

static void check(int is_right, const char *what)
{
    if (!is_right) {
        fprintf(stderr, "%s: error %lu\n", what, GetLastError());
        exit(1);
    }
}

static BOOL WINAPI ignore(DWORD event)
{
    (void)event;
    return TRUE;
}

static HANDLE inheritable(HANDLE handle)
{
    check(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT), "a handle to inherit");
    return handle;
}

static HANDLE start(wchar_t *command, HANDLE in, HANDLE out, HANDLE err)
{
    STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES,
        .hStdInput = in, .hStdOutput = out, .hStdError = err};
    PROCESS_INFORMATION process;
    check(CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process), "the command starts");
    CloseHandle(process.hThread);
    return process.hProcess;
}

static DWORD end(HANDLE process)
{
    DWORD code;
    check(WaitForSingleObject(process, 60000) == WAIT_OBJECT_0, "the command ends");
    check(GetExitCodeProcess(process, &code), "an exit code");
    CloseHandle(process);
    return code;
}

/* All that is on a screen. */
static const wchar_t *screen(HANDLE console)
{
    static wchar_t text[80 * 300 + 1];
    CONSOLE_SCREEN_BUFFER_INFO info;
    DWORD read = 0;
    COORD start = {0, 0};
    check(GetConsoleScreenBufferInfo(console, &info), "a screen");
    DWORD len = (DWORD)info.dwSize.X * (DWORD)info.dwSize.Y;
    if (len > 80 * 300)
        len = 80 * 300;
    check(ReadConsoleOutputCharacterW(console, text, len, start, &read), "a screen to read");
    text[read] = 0;
    return text;
}

static void type(HANDLE console, const wchar_t *text)
{
    for (; *text; text++)
        for (int down = 1; down >= 0; down--) {
            INPUT_RECORD key = {.EventType = KEY_EVENT};
            DWORD written;
            key.Event.KeyEvent.bKeyDown = down;
            key.Event.KeyEvent.wRepeatCount = 1;
            key.Event.KeyEvent.uChar.UnicodeChar = *text;
            check(WriteConsoleInputW(console, &key, 1, &written), "a key");
        }
}

static HANDLE new_screen(void)
{
    HANDLE console = CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
        CONSOLE_TEXTMODE_BUFFER, NULL);
    check(console != INVALID_HANDLE_VALUE, "a screen");
    check(SetConsoleActiveScreenBuffer(console), "a screen to show");
    return inheritable(console);
}

static wchar_t command[4000];

/* What is not in the console's code page is shown as it is. */
static void output(const wchar_t *pwseal, const wchar_t *info, HANDLE err)
{
    HANDLE console = new_screen(), ours, theirs;
    check(CreatePipe(&theirs, &ours, NULL, 0), "a pipe");
    swprintf(command, 4000, L"\"%ls\" bulk --in - --info \"%ls\" --out -", pwseal, info);
    HANDLE process = start(command, inheritable(theirs), console, err);
    CloseHandle(theirs);
    static const char line[] = "{\"id\": \"M\xc3\xbcller \xd0\x96\"}\n";
    DWORD written;
    check(WriteFile(ours, line, sizeof line - 1, &written, NULL), "a line");
    CloseHandle(ours);
    check(end(process) == 1, "a line without a password is an error");
    check(wcsstr(screen(console), L"{\"id\":\"M\u00fcller \u0416\"") != NULL, "the screen shows what is not ASCII");
    CloseHandle(console);
}

static void prompt(const wchar_t *pwseal, const wchar_t *key, const wchar_t *encrypted, HANDLE in, HANDLE err)
{
    HANDLE console = new_screen();
    HANDLE out = CreateFileW(encrypted, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    check(out != INVALID_HANDLE_VALUE, "a file");
    FlushConsoleInputBuffer(in);
    swprintf(command, 4000, L"\"%ls\" encrypt --key \"%ls\"", pwseal, key);
    HANDLE process = start(command, in, inheritable(out), err);
    /* A terminal may forget what was typed before it was asked. */
    for (int tries = 0; wcsstr(screen(console), L"Password: ") == NULL && tries < 300; tries++)
        Sleep(100);
    Sleep(500);
    type(in, L"M\u00fcller 7\r");
    for (int tries = 0; wcsstr(screen(console), L"The same again: ") == NULL && tries < 300; tries++)
        Sleep(100);
    Sleep(500);
    type(in, L"M\u00fcller 7\r");
    check(end(process) == 0, "a password that is typed twice is encrypted");
    CloseHandle(out);
    check(wcsstr(screen(console), L"Password: ") == screen(console), "it asks");
    check(wcsstr(screen(console), L"ller") == NULL, "the screen does not show the password");
    CloseHandle(console);
}

/* A run that waits for input ends after whole lines. */
static void control(const wchar_t *pwseal, const wchar_t *info, DWORD event)
{
    HANDLE their_in, our_in, our_out, their_out, our_err, their_err;
    char text[20000];
    DWORD len, all = 0;
    check(CreatePipe(&their_in, &our_in, NULL, 0), "a pipe");
    check(CreatePipe(&our_out, &their_out, NULL, 0), "a pipe");
    check(CreatePipe(&our_err, &their_err, NULL, 0), "a pipe");
    swprintf(command, 4000, L"\"%ls\" bulk --in - --info \"%ls\" --out -", pwseal, info);
    HANDLE process = start(command, inheritable(their_in), inheritable(their_out), inheritable(their_err));
    CloseHandle(their_in);
    CloseHandle(their_out);
    CloseHandle(their_err);
    check(WriteFile(our_in, "{\"id\": 1}\n", 10, &len, NULL), "a line");
    while (memchr(text, '\n', all) == NULL) {
        check(ReadFile(our_out, text + all, sizeof text - all, &len, NULL), "an answer");
        all += len;
    }
    check(GenerateConsoleCtrlEvent(event, 0), "an event");
    check(end(process) == STATUS_CONTROL_C_EXIT, "the exit code is that of Ctrl-C");
    while (ReadFile(our_out, text + all, sizeof text - all, &len, NULL) && len > 0)
        all += len;
    check(all > 0 && text[all - 1] == '\n', "whole lines");
    for (all = 0; all < sizeof text - 1 && ReadFile(our_err, text + all, sizeof text - 1 - all, &len, NULL) && len > 0;)
        all += len;
    text[all] = 0;
    check(strstr(text, "stopped by a signal, after whole lines") != NULL, "it says what ended it");
    CloseHandle(our_in);
    CloseHandle(our_out);
    CloseHandle(our_err);
}

int wmain(int count, wchar_t **args)
{
    check(count == 5, "four arguments");
    HANDLE in = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    check(in != INVALID_HANDLE_VALUE, "a console");
    HANDLE err = GetStdHandle(STD_ERROR_HANDLE);
    inheritable(in);
    inheritable(err);
    output(args[1], args[3], err);
    prompt(args[1], args[2], args[4], in, err);
    check(SetConsoleCtrlHandler(ignore, TRUE), "a handler");
    control(args[1], args[3], CTRL_C_EVENT);
    /* Wine 8 refuses to send it. */
    int is_wine = GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != NULL;
    if (!is_wine)
        control(args[1], args[3], CTRL_BREAK_EVENT);
    fprintf(stderr, "the console: output, prompt, Ctrl-C%s\n", is_wine ? "; not Ctrl-Break, which wine has not" : ", Ctrl-Break");
    return 0;
}
