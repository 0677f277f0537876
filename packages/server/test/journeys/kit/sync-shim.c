/*
 * Loaded before the C library of a server under test: writes down, in order, when the WAL is put
 * on disk and when a request is answered 202, and lets the former fail on demand.
 *
 *   SHIM_LOG   the file that it writes to: a line "sync" or "answer" each
 *   SHIM_FAIL  while this file exists, nothing of the WAL can be put on disk
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void note(const char *line) {
  const char *path = getenv("SHIM_LOG");
  int fd = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (fd < 0) return;
  syscall(SYS_write, fd, line, strlen(line));
  close(fd);
}

static int is_wal(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 4) return 0;
  path[length] = 0;
  return strcmp(path + length - 4, "-wal") == 0;
}

static int synced(int fd, const char *name) {
  int wal = is_wal(fd);
  const char *fail = getenv("SHIM_FAIL");
  if (wal && fail != NULL && access(fail, F_OK) == 0) {
    errno = EIO;
    return -1;
  }
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(fd);
  if (wal && result == 0) note("sync\n");
  return result;
}

int fsync(int fd) { return synced(fd, "fsync"); }
int fdatasync(int fd) { return synced(fd, "fdatasync"); }

static void look(const void *bytes, size_t length) {
  static const char accepted[] = "HTTP/1.1 202 ";
  if (length >= sizeof accepted - 1 && memcmp(bytes, accepted, sizeof accepted - 1) == 0)
    note("answer\n");
}

ssize_t write(int fd, const void *bytes, size_t length) {
  look(bytes, length);
  ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  return real(fd, bytes, length);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (count > 0) look(parts[0].iov_base, parts[0].iov_len);
  ssize_t (*real)(int, const struct iovec *, int) = dlsym(RTLD_NEXT, "writev");
  return real(fd, parts, count);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  if (message->msg_iovlen > 0) look(message->msg_iov[0].iov_base, message->msg_iov[0].iov_len);
  ssize_t (*real)(int, const struct msghdr *, int) = dlsym(RTLD_NEXT, "sendmsg");
  return real(fd, message, flags);
}
