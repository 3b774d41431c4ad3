/* A listener on the loopback that answers one request as told, for tests of
 * what speaks HTTP. */
#pragma once
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>
#include "base/auto.h"

/* Its descriptor, -1 when it failed; *port is what the system chose. */
static inline int listener_open(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) || listen(fd, 4) ||
        getsockname(fd, (struct sockaddr *)&at, &n))
        return -1;
    *port = ntohs(at.sin_port);
    return fd;
}

/* A child that takes one request and says this, or (NULL) keeps the caller
 * waiting. It exits 0 when the request held want. */
static inline pid_t listener_serve(int fd, const char *want, const char *says)
{
    pid_t child = fork();
    if (child)
        return child;
    char in[8192] = "";
    AUTO_FD peer = accept(fd, NULL, NULL);
    const ssize_t n = peer < 0 ? -1 : read(peer, in, sizeof in - 1);
    if (n <= 0 || !strstr(in, want))
        _exit(1);
    if (!says)
        pause();
    _exit(write(peer, says, strlen(says)) < 0);
}
