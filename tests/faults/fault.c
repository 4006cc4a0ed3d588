/* Lets calls to the system fail, below everything that runs: Python, SQLite and compiled libraries alike.

   Loaded before the C library (LD_PRELOAD). `fault_set` chooses calls, which one of them, and the fault; `fault_arm`
   starts counting in this process and in those that it starts: the count is in memory that they share. Only calls that
   concern files below one folder count. `fault_trace` writes each of them, with its file, to a descriptor. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, WRITE = 2, FSYNC = 4, RENAME = 8, LINK = 16, MKDIR = 32, UNLINK = 64, RMDIR = 128, TRUNCATE = 256,
       LOOK = 512, READ = 1024, LIST = 2048, STAT = 4096 };
enum { NOTHING, FAIL, FAIL_ON, SHORT, INTERRUPT, KILL, KILL_AFTER };

static struct { volatile long count; } *shared;
static char root[PATH_MAX];
static size_t root_length;
static int armed, calls, fault, code, trace = -1;
static __thread char about[PATH_MAX];
static long wanted;

void fault_set(const char *folder, int which, long k, int what, int number) {
  if (!shared)
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  strncpy(root, folder, sizeof root - 1);
  root_length = strlen(root);
  calls = which; wanted = k; fault = what; code = number;
  shared->count = 0;
}
void fault_trace(int descriptor) { trace = descriptor; }
void fault_arm(void) { armed = 1; }
long fault_count(void) { return shared ? shared->count : 0; }

static int below(const char *path) {
  if (strncmp(path, root, root_length) || (path[root_length] != '/' && path[root_length])) return 0;
  snprintf(about, sizeof about, "%s", path + root_length);
  return 1;
}
static int concerns_descriptor(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return below(path);
}
static int concerns_path(int folder, const char *path) {
  if (!path) return 0;
  if (path[0] == '/') return below(path);
  if (folder != AT_FDCWD && !concerns_descriptor(folder)) return 0;
  snprintf(about, sizeof about, "/%s", path);
  return 1;
}

/* What the call has to do now: NOTHING but its work, or the fault. */
static int turn(int call) {
  if (!armed || !(calls & call)) return NOTHING;
  long n = __sync_add_and_fetch(&shared->count, 1);
  if (trace >= 0) dprintf(trace, "%d %s\n", call, about);
  if (n == wanted) {
    if (fault == KILL) { kill(0, SIGKILL); for (;;) pause(); }
    if (fault == INTERRUPT) { kill(0, SIGINT); return NOTHING; }
    return fault == FAIL_ON ? FAIL : fault;
  }
  if (n > wanted && fault == FAIL_ON) return FAIL;
  if (n == wanted + 1 && fault == SHORT) return FAIL;
  return NOTHING;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define AROUND(type, call, concerned, work) do { \
    int now = armed && (concerned) ? turn(call) : NOTHING; \
    if (now == FAIL || (now == SHORT && call != WRITE)) { errno = code; return (type)-1; } \
    type result = work; \
    if (now == KILL_AFTER) { kill(0, SIGKILL); for (;;) pause(); } \
    return result; \
  } while (0)

static int opening(int folder, const char *path, int flags, int *call) {
  *call = flags & (O_WRONLY | O_RDWR | O_CREAT) ? OPEN : LOOK;
  return concerns_path(folder, path);
}
#define OPENING(name, signature, folder, arguments) \
  int name signature { \
    int mode = 0, call; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, int); va_end(rest); } \
    int concerned = armed && opening(folder, path, flags, &call); \
    static __typeof__(&name) real; if (!real) real = REAL(name); \
    if (!concerned) return real arguments; \
    AROUND(int, call, 1, real arguments); \
  }
OPENING(open, (const char *path, int flags, ...), AT_FDCWD, (path, flags, mode))
OPENING(open64, (const char *path, int flags, ...), AT_FDCWD, (path, flags, mode))
OPENING(openat, (int at, const char *path, int flags, ...), at, (at, path, flags, mode))
OPENING(openat64, (int at, const char *path, int flags, ...), at, (at, path, flags, mode))

#define WRITING(name, signature, half, whole) \
  ssize_t name signature { \
    static __typeof__(&name) real; if (!real) real = REAL(name); \
    int now = armed && concerns_descriptor(fd) ? turn(WRITE) : NOTHING; \
    if (now == FAIL) { errno = code; return -1; } \
    if (now == SHORT) return real half; \
    ssize_t result = now == KILL_AFTER ? real half : real whole; \
    if (now == KILL_AFTER) { kill(0, SIGKILL); for (;;) pause(); } \
    return result; \
  }
WRITING(write, (int fd, const void *data, size_t n), (fd, data, n / 2), (fd, data, n))
WRITING(pwrite, (int fd, const void *data, size_t n, off_t at), (fd, data, n / 2, at), (fd, data, n, at))
WRITING(pwrite64, (int fd, const void *data, size_t n, off64_t at), (fd, data, n / 2, at), (fd, data, n, at))
WRITING(writev, (int fd, const struct iovec *parts, int n), (fd, parts, n / 2 ? n / 2 : 1), (fd, parts, n))

#define PLAIN(type, name, call, signature, concerned, arguments) \
  type name signature { static __typeof__(&name) real; if (!real) real = REAL(name); \
    AROUND(type, call, concerned, real arguments); }
PLAIN(ssize_t, read, READ, (int fd, void *data, size_t n), concerns_descriptor(fd), (fd, data, n))
PLAIN(ssize_t, pread, READ, (int fd, void *data, size_t n, off_t at), concerns_descriptor(fd), (fd, data, n, at))
PLAIN(ssize_t, pread64, READ, (int fd, void *data, size_t n, off64_t at), concerns_descriptor(fd), (fd, data, n, at))
PLAIN(int, fsync, FSYNC, (int fd), concerns_descriptor(fd), (fd))
PLAIN(int, fdatasync, FSYNC, (int fd), concerns_descriptor(fd), (fd))
PLAIN(int, ftruncate, TRUNCATE, (int fd, off_t n), concerns_descriptor(fd), (fd, n))
PLAIN(int, ftruncate64, TRUNCATE, (int fd, off64_t n), concerns_descriptor(fd), (fd, n))
PLAIN(int, rename, RENAME, (const char *from, const char *to), concerns_path(AT_FDCWD, to), (from, to))
PLAIN(int, renameat, RENAME, (int a, const char *from, int b, const char *to), concerns_path(b, to), (a, from, b, to))
PLAIN(int, link, LINK, (const char *from, const char *to), concerns_path(AT_FDCWD, to), (from, to))
PLAIN(int, linkat, LINK, (int a, const char *from, int b, const char *to, int f), concerns_path(b, to), (a, from, b, to, f))
PLAIN(int, mkdir, MKDIR, (const char *path, mode_t mode), concerns_path(AT_FDCWD, path), (path, mode))
PLAIN(int, mkdirat, MKDIR, (int at, const char *path, mode_t mode), concerns_path(at, path), (at, path, mode))
PLAIN(int, unlink, UNLINK, (const char *path), concerns_path(AT_FDCWD, path), (path))
PLAIN(int, unlinkat, UNLINK, (int at, const char *path, int flags), concerns_path(at, path), (at, path, flags))
PLAIN(int, rmdir, RMDIR, (const char *path), concerns_path(AT_FDCWD, path), (path))
PLAIN(int, stat, STAT, (const char *path, struct stat *s), concerns_path(AT_FDCWD, path), (path, s))
PLAIN(int, stat64, STAT, (const char *path, struct stat64 *s), concerns_path(AT_FDCWD, path), (path, s))
PLAIN(int, lstat, STAT, (const char *path, struct stat *s), concerns_path(AT_FDCWD, path), (path, s))
PLAIN(int, lstat64, STAT, (const char *path, struct stat64 *s), concerns_path(AT_FDCWD, path), (path, s))
PLAIN(int, fstatat, STAT, (int at, const char *path, struct stat *s, int f), concerns_path(at, path), (at, path, s, f))
PLAIN(int, fstatat64, STAT, (int at, const char *path, struct stat64 *s, int f), concerns_path(at, path), (at, path, s, f))

DIR *opendir(const char *path) {
  static __typeof__(&opendir) real;
  if (!real) real = REAL(opendir);
  if (armed && concerns_path(AT_FDCWD, path) && turn(LIST) == FAIL) { errno = code; return NULL; }
  return real(path);
}
