/* libcurl's interfaces through a table of their functions. Linked in the
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
    CURLM *(*multi_init)(void);
    CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
    CURLMcode (*multi_add)(CURLM *, CURL *);
    CURLMcode (*multi_remove)(CURLM *, CURL *);
    CURLMcode (*multi_perform)(CURLM *, int *);
    CURLMcode (*multi_poll)(CURLM *, struct curl_waitfd *, unsigned, int,
                            int *);
    CURLMsg *(*multi_info_read)(CURLM *, int *);
    CURLMcode (*multi_cleanup)(CURLM *);
};

/* The table, loaded at the first call; NULL, logged, when the library is not
 * there. */
const struct libcurl *libcurl_load(void);
/* What every transfer of ours keeps to: these protocols, no redirect, no
 * proxy, no .netrc, certificates checked, timeout_ms in all. */
void libcurl_bind(CURL *c, const char *url, const char *protocols,
                  int64_t timeout_ms);
