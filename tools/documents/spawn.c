/* From fork to the closed sandbox: nothing here trusts what it maps. */
#include "spawn.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "document/child.h"
#include "document/sandbox.h"
#include "base/banned.h"

enum { SCAN_NICE = 5, FILE_BYTES_MAX = 1 << 30 };

static bool map_file(int fd, struct bytes *out)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size <= 0 || st.st_size > FILE_BYTES_MAX)
        return false;
    size_t n = (size_t)st.st_size;
    void *p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return false;
    *out = (struct bytes){p, n};
    return true;
}

static bool map_all(struct child_work *w, const int *files, int result)
{
    for (uint32_t i = 0; i < w->n_files; i++)
        if (!map_file(files[i], &w->files[i]))
            return false;
    void *out = mmap(NULL, WIRE_OUT_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
                     result, 0);
    w->out = out;
    return out != MAP_FAILED;
}

/* The warning streams of the libraries go nowhere; the sandbox closes every
 * other descriptor. */
bool spawn_hush(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    return null >= 0 && dup2(null, 0) == 0 && dup2(null, 1) == 1 &&
           dup2(null, 2) == 2;
}

void spawn_settle(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static NORETURN void be_child(const struct wire_request *req, const int *files,
                              const struct wire_ocr *scan, int result)
{
    spawn_settle();
    struct child_work w = {.op = (enum wire_op)req->op,
                           .n_files = req->n_files,
                           .lim = req->lim,
                           .scan = scan};
    for (size_t i = 0; i < req->n_files; i++)
        w.kinds[i] = (enum file_kind)req->kinds[i];
    if (scan)
        setpriority(PRIO_PROCESS, 0, SCAN_NICE);
    if (!map_all(&w, files, result) || !spawn_hush() ||
        !sandbox_enter(req->lim.page_cpu_s))
        _exit(SANDBOX_NO_CAGE);
    _exit(child_run(&w));
}

int spawn_result(void)
{
    int fd = memfd_create("pages", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && ftruncate(fd, WIRE_OUT_BYTES) == 0)
        return fd;
    log_error("child_memfd", "{s:i}", "errno", errno);
    if (fd >= 0)
        close(fd);
    return -1;
}

pid_t spawn_child(const struct wire_request *req, const int *files,
                  const struct wire_ocr *scan, int result)
{
    pid_t pid = fork();
    if (pid == 0)
        be_child(req, files, scan, result);
    if (pid < 0)
        log_error("child_fork", "{s:i}", "errno", errno);
    return pid;
}

bool spawn_seal(int result)
{
    return fcntl(result, F_ADD_SEALS,
                 F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0;
}
