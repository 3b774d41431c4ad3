/* pages PROGRAM FILE... : what the document parent PROGRAM reads in the files
 * (all one request), and the time it took; a line of text is a row of words. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/conf.h"
#include "document/document.h"
#include "base/banned.h"

static struct bytes map(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
        return (struct bytes){NULL, 0};
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    return p == MAP_FAILED ? (struct bytes){NULL, 0}
                           : (struct bytes){p, (size_t)st.st_size};
}

static int by_place(const void *x, const void *y)
{
    const struct word *a = x, *b = y;
    float h = (a->box.y1 - a->box.y0 + b->box.y1 - b->box.y0) / 4;
    float dy = a->box.y0 + a->box.y1 - b->box.y0 - b->box.y1;
    if (dy > 2 * h || dy < -2 * h)
        return dy > 0 ? 1 : -1;
    return a->box.x0 > b->box.x0 ? 1 : -1;
}

static void show(const struct page *p)
{
    printf("== page %d: %s, %.0f x %.0f pt, turned %d, skew %.2f, "
           "confidence %d %s, %u words\n",
           p->number, p->source == PAGE_OCR ? "OCR" : "text", (double)p->width,
           (double)p->height, p->rotation, (double)p->skew, p->conf, p->lang,
           p->n_words);
    if (!getenv("WORDS"))
        return;
    qsort(p->words, p->n_words, sizeof *p->words, by_place);
    for (uint32_t i = 0; i < p->n_words; i++) {
        const struct word *w = &p->words[i];
        bool new_line = i > 0 && w->box.x0 < p->words[i - 1].box.x0;
        printf("%s%s", i ? (new_line ? "\n" : " ") : "", w->text);
    }
    printf("\n");
}

int main(int argc, char **argv)
{
    const char *bad = conf_init();
    if (argc < 3 || argc > 18 || bad) {
        fprintf(stderr, "usage: pages PROGRAM FILE...\n%s\n", bad ? bad : "");
        return 2;
    }
    if (!document_client_start(argv[1]))
        return 1;
    struct arena *a = arena_new(1 << 16);
    struct upload files[16];
    size_t n = (size_t)argc - 2;
    enum err e = OK;
    for (size_t i = 0; i < n && e == OK; i++) {
        files[i] =
            (struct upload){.name = argv[i + 2], .data = map(argv[i + 2])};
        e = document_sniff(argv[i + 2], NULL, files[i].data, &files[i].kind);
    }
    struct document_limits lim;
    document_limits(&lim);
    int times = getenv("TIMES") ? (int)strtol(getenv("TIMES"), NULL, 10) : 1;
    struct document *d = NULL;
    for (int t = 0; t < times && e == OK; t++) {
        int64_t from = clock_mono_us();
        e = document_read(a, files, n, &lim, &d);
        printf("%s in %.1f ms\n", e ? err_code(e) : "ok",
               (double)(clock_mono_us() - from) / 1000);
    }
    for (uint32_t i = 0; e == OK && d && i < d->n_pages; i++)
        show(&d->pages[i]);
    document_client_stop();
    arena_free(a);
    return e != OK;
}
