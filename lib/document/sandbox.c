/* Limits, an unprivileged user, Landlock and seccomp, in that order. The
 * filter's default is death: only what poppler, cairo, fontconfig, leptonica
 * and Tesseract were seen to need is allowed. */
#include "document/sandbox.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <linux/filter.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/log.h"
#include "base/banned.h"

enum { NOBODY = 65534, AS_BYTES = 512 << 20, FDS = 64 };
#ifdef COMPTOIR_SAN
#include <sanitizer/common_interface_defs.h>
enum { SAN = 1 };
/* No file of its own can be opened for a report from inside. */
static void report_to_stderr(void)
{
    __sanitizer_set_report_fd((void *)STDERR_FILENO);
}
#else
enum { SAN = 0 };
static void report_to_stderr(void)
{
}
#endif

static struct {
    struct sock_fprog filter;
    int ruleset, abi;
} cage = {.ruleset = -1};

/* ---- Landlock: fonts, language data, libraries; all read-only ---------- */

static const char *const readable[] = {
    "/usr/share/fonts",          "/usr/share/fontconfig",  "/usr/share/poppler",
    "/usr/share/tesseract-ocr",  "/usr/share/tessdata",    "/etc/fonts",
    "/var/cache/fontconfig",     "/usr/local/share/fonts", "/usr/lib",
    "/usr/share/xml/fontconfig",
};

static void allow_path(int ruleset, const char *path)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return; /* not installed: nothing to read there */
    struct landlock_path_beneath_attr rule = {.allowed_access =
                                                  LANDLOCK_ACCESS_FS_READ_FILE |
                                                  LANDLOCK_ACCESS_FS_READ_DIR,
                                              .parent_fd = fd};
    if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
                &rule, 0) != 0)
        log_warning("landlock_rule", "{s:s,s:i}", "path", path, "errno", errno);
    close(fd);
}

static void init_landlock(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
                       LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1)
        return;
    /* Rights of ABI 1 (bits 0-12), 2 adds refer, 3 truncate, 5 ioctl. */
    uint64_t rights = (1ULL << 13) - 1;
    rights |= abi >= 2 ? 1ULL << 13 : 0;
    rights |= abi >= 3 ? 1ULL << 14 : 0;
    rights |= abi >= 5 ? 1ULL << 15 : 0;
    struct landlock_ruleset_attr attr = {.handled_access_fs = rights};
    int fd = (int)syscall(SYS_landlock_create_ruleset, &attr,
                          sizeof attr.handled_access_fs, 0);
    if (fd < 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(readable); i++)
        allow_path(fd, readable[i]);
    cage.ruleset = fd;
    cage.abi = (int)abi;
}

int sandbox_landlock(void)
{
    return cage.abi;
}

/* ---- seccomp ----------------------------------------------------------- */

static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(munmap),
    SCMP_SYS(brk),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(getrusage),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo),
    SCMP_SYS(exit),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq),
    SCMP_SYS(dup),
    SCMP_SYS(fadvise64),
    SCMP_SYS(membarrier),
};

/* Asked for without harm when refused: caches, temporary files, names. */
static const int refused[] = {
    SCMP_SYS(chmod),     SCMP_SYS(fchmod),       SCMP_SYS(fchmodat),
    SCMP_SYS(mkdir),     SCMP_SYS(mkdirat),      SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),  SCMP_SYS(rename),       SCMP_SYS(renameat),
    SCMP_SYS(renameat2), SCMP_SYS(link),         SCMP_SYS(linkat),
    SCMP_SYS(symlink),   SCMP_SYS(utimensat),    SCMP_SYS(uname),
    SCMP_SYS(ioctl),     SCMP_SYS(fcntl),        SCMP_SYS(prctl),
    SCMP_SYS(ftruncate), SCMP_SYS(memfd_create), SCMP_SYS(fsync),
    SCMP_SYS(clone),     SCMP_SYS(setrlimit),    SCMP_SYS(prlimit64),
    SCMP_SYS(open),      SCMP_SYS(umask),
};

/* ASan's runtime asks for more while it reports. */
static const int san_allowed[] = {
    SCMP_SYS(ioctl),     SCMP_SYS(fcntl),    SCMP_SYS(prctl),
    SCMP_SYS(clone),     SCMP_SYS(wait4),    SCMP_SYS(sigaltstack),
    SCMP_SYS(prlimit64), SCMP_SYS(uname),    SCMP_SYS(open),
    SCMP_SYS(tgkill),    SCMP_SYS(mprotect), SCMP_SYS(ptrace),
};

static int add_all(scmp_filter_ctx ctx, uint32_t action, const int *calls,
                   size_t n)
{
    int bad = 0;
    for (size_t i = 0; i < n; i++) {
        int rc = seccomp_rule_add(ctx, action, calls[i], 0);
        bad |= rc != 0 && rc != -EDOM; /* EDOM: not on this machine */
    }
    return bad;
}

/* Memory may be mapped and protected, but never made executable; files may
 * be opened for reading, and only where Landlock watches the paths. */
static int add_special(scmp_filter_ctx ctx)
{
    const uint64_t writes = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
    int bad = 0;
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (!SAN)
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    if (cage.abi > 0) {
        bad |= seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, writes, 0));
        for (int bit = 0; bit < 4; bit++) {
            const uint64_t one[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};
            bad |= seccomp_rule_add(
                ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 1,
                SCMP_A2(SCMP_CMP_MASKED_EQ, one[bit], one[bit]));
        }
    } else {
        bad |=
            seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(openat), 0);
    }
    return bad;
}

/* The finished program as bytes, so that children only hand it over. */
static bool export_filter(scmp_filter_ctx ctx)
{
    int fd = memfd_create("filter", MFD_CLOEXEC);
    if (fd < 0 || seccomp_export_bpf(ctx, fd) != 0)
        return false;
    off_t n = lseek(fd, 0, SEEK_END);
    void *p = malloc(n > 0 ? (size_t)n : 1);
    bool ok = p && n > 0 && pread(fd, p, (size_t)n, 0) == n;
    close(fd);
    cage.filter = (struct sock_fprog){
        .len = (unsigned short)((size_t)n / sizeof(struct sock_filter)),
        .filter = p};
    return ok;
}

static bool init_seccomp(void)
{
    scmp_filter_ctx ctx =
        seccomp_init(SAN ? SCMP_ACT_LOG : SCMP_ACT_KILL_PROCESS);
    if (!ctx)
        return false;
    int bad = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    bad |= add_all(ctx, SCMP_ACT_ALLOW, allowed, ARRAY_LEN(allowed));
    if (SAN)
        bad |=
            add_all(ctx, SCMP_ACT_ALLOW, san_allowed, ARRAY_LEN(san_allowed));
    else
        bad |= add_all(ctx, SCMP_ACT_ERRNO(EPERM), refused, ARRAY_LEN(refused));
    if (SAN) { /* the log list still refuses what tests ask for */
        const int never[] = {SCMP_SYS(socket), SCMP_SYS(execve)};
        bad |= add_all(ctx, SCMP_ACT_KILL_PROCESS, never, ARRAY_LEN(never));
    }
    bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    bad |= add_special(ctx);
    bool ok = !bad && export_filter(ctx);
    seccomp_release(ctx);
    return ok;
}

bool sandbox_init(void)
{
    init_landlock();
    bool ok = init_seccomp();
    if (ok)
        log_info("sandbox_ready", "{s:i,s:i}", "landlock", cage.abi, "filter",
                 (int)cage.filter.len);
    else
        log_error("sandbox_impossible", "{s:i}", "errno", errno);
    return ok;
}

/* ---- in the child ------------------------------------------------------ */

static bool limit(int what, rlim_t soft, rlim_t hard)
{
    const struct rlimit r = {soft, hard};
    return setrlimit(what, &r) == 0;
}

static bool set_limits(unsigned cpu_s)
{
    bool ok = limit(RLIMIT_CPU, cpu_s, cpu_s + 1) && limit(RLIMIT_CORE, 0, 0) &&
              limit(RLIMIT_NOFILE, FDS, FDS) && limit(RLIMIT_NPROC, 0, 0);
    if (!SAN) /* ASan reserves terabytes and writes its reports to files */
        ok = ok && limit(RLIMIT_AS, AS_BYTES, AS_BYTES) &&
             limit(RLIMIT_FSIZE, 0, 0);
    return ok;
}

static bool drop_user(void)
{
    if (geteuid() != 0)
        return true;
    return setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
           setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

/* Other people's files and the sockets that answer them are open in the
 * process we come from; a write needs no more than a number. */
static bool close_inherited(void)
{
    return close_range(STDERR_FILENO + 1, ~0U, 0) == 0;
}

bool sandbox_enter(unsigned cpu_s)
{
    report_to_stderr();
    return drop_user() && set_limits(cpu_s) && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           (cage.ruleset < 0 ||
            syscall(SYS_landlock_restrict_self, cage.ruleset, 0) == 0) &&
           close_inherited() &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &cage.filter) == 0;
}
