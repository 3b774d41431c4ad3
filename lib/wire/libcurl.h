/* libcurl's easy interface through a table of its functions. Linked in the
 * usual way it brings two dozen libraries into every responder, idle or not;
 * loaded here they come with the first call. */
#pragma once
#ifndef CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_TYPECHECK
#endif
#include <curl/curl.h>
#include <stdint.h>

struct libcurl {
    void *library;
    CURLcode (*global_init)(long);
    CURL *(*init)(void);
    CURLcode (*setopt)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    CURLcode (*getinfo)(CURL *, CURLINFO, ...);
    void (*cleanup)(CURL *);
    struct curl_slist *(*append)(struct curl_slist *, const char *);
    void (*free_all)(struct curl_slist *);
};

/* The table, loaded at the first call; NULL, logged, when the library is not
 * there. */
const struct libcurl *libcurl_load(void);
/* What every transfer of ours keeps to: these protocols, no redirect, no
 * proxy, no .netrc, certificates checked, timeout_ms in all. */
void libcurl_bind(CURL *c, const char *url, const char *protocols,
                  int64_t timeout_ms);
