#define _GNU_SOURCE
#include "KillSwitch.h"
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// The calls go to the kernel by their numbers, so that nothing has to be looked up while the process is still starting.

static atomic_long calls;

static int setting_is(const char *name, const char *value, int otherwise) {
    const char *given = getenv(name);
    return given ? strcmp(given, value) == 0 : otherwise;
}

static int is_counted(int descriptor) {
    const char *wanted = getenv("KILL_SWITCH_PATH");
    if (!wanted) return 0;
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, wanted) != NULL;
}

// 1 when this call is the one to end at.
static int is_last(int descriptor, int is_write) {
    if (setting_is("KILL_SWITCH_CALL", "write", 0) != is_write || !is_counted(descriptor)) return 0;
    const char *at = getenv("KILL_SWITCH_AT");
    return atomic_fetch_add(&calls, 1) + 1 == (at ? atol(at) : 0);
}

static void end_now(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int sync_by(long number, int descriptor) {
    int last = is_last(descriptor, 0);
    if (last && setting_is("KILL_SWITCH_PHASE", "before", 1)) end_now();
    int result = (int)syscall(number, descriptor);
    if (last) end_now();
    return result;
}

int fsync(int descriptor) { return sync_by(SYS_fsync, descriptor); }
int fdatasync(int descriptor) { return sync_by(SYS_fdatasync, descriptor); }

static ssize_t write_by(long number, int descriptor, const void *bytes, size_t count, off_t offset) {
    int last = is_last(descriptor, 1);
    if (last && setting_is("KILL_SWITCH_PHASE", "before", 1)) end_now();
    if (last && setting_is("KILL_SWITCH_PHASE", "half", 0)) count /= 2;
    ssize_t result = syscall(number, descriptor, bytes, count, offset);
    if (last) end_now();
    return result;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    return write_by(SYS_write, descriptor, bytes, count, 0);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return write_by(SYS_pwrite64, descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
    return write_by(SYS_pwrite64, descriptor, bytes, count, offset);
}

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("KILL_SWITCH_COUNT");
    if (!path) return;
    FILE *file = fopen(path, "w");
    if (!file) return;
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
}
