/* A document parent of one's own, for developer programs and tests. */
#include "document/document.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "document/wire.h"
#include "base/banned.h"

static pid_t parent_pid;
static int client_fd = -1;

static NORETURN void become_parent(const char *program, int fd)
{
    char text[16];
    snprintf(text, sizeof text, "%d", fd);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (fcntl(fd, F_SETFD, 0) == 0 &&
        setenv("COMPTOIR_DOCUMENT_PARENT_FD", text, 1) == 0 &&
        setenv("OMP_THREAD_LIMIT", "1", 1) == 0)
        execl(program, program, (char *)NULL);
    _exit(127);
}

bool document_client_start(const char *program)
{
    int pair[2];
    if (parent_pid > 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    parent_pid = fork();
    if (parent_pid == 0)
        become_parent(program, pair[1]);
    close(pair[1]);
    client_fd = pair[0];
    document_client_use(client_fd);
    return parent_pid > 0;
}

int document_client_stop(void)
{
    int status = -1;
    if (parent_pid <= 0)
        return status;
    document_client_use(-1);
    close(client_fd);
    kill(parent_pid, SIGTERM);
    waitpid(parent_pid, &status, 0);
    parent_pid = 0;
    return status;
}

int document_client_pid(void)
{
    return (int)parent_pid;
}
