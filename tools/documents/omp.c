/* OpenMP for a process that is one core's worth of work by design. Tesseract
 * asks libgomp for a team of threads some 150,000 times a page; with
 * OMP_THREAD_LIMIT=1 each of them is still made, woken by a system call and
 * freed, a fifteenth of the time of a page. These six functions, all that
 * Tesseract takes from libgomp (its manual, "The libgomp ABI"), stand before
 * the library's because a program's own symbols are found first. */
#include <stdbool.h>
#include "base/banned.h"

#define SEEN_BY_LIBRARIES __attribute__((visibility("default")))
typedef void (*body_fn)(void *);

void GOMP_parallel(body_fn, void *, unsigned, unsigned);
void GOMP_parallel_sections(body_fn, void *, unsigned, unsigned, unsigned);
unsigned GOMP_sections_next(void);
void GOMP_sections_end_nowait(void);
int omp_get_num_threads(void);
int omp_get_thread_num(void);

/* The sections of the innermost region: the next to run, how many. */
static struct {
    unsigned next, count;
} sections;

SEEN_BY_LIBRARIES void GOMP_parallel(body_fn body, void *data, unsigned threads,
                                     unsigned flags)
{
    (void)threads;
    (void)flags;
    body(data);
}

SEEN_BY_LIBRARIES void GOMP_parallel_sections(body_fn body, void *data,
                                              unsigned threads, unsigned count,
                                              unsigned flags)
{
    const typeof(sections) outer = sections;
    sections = (typeof(sections)){1, count};
    GOMP_parallel(body, data, threads, flags);
    sections = outer;
}

SEEN_BY_LIBRARIES unsigned GOMP_sections_next(void)
{
    return sections.next <= sections.count ? sections.next++ : 0;
}

SEEN_BY_LIBRARIES void GOMP_sections_end_nowait(void)
{
}

SEEN_BY_LIBRARIES int omp_get_num_threads(void)
{
    return 1;
}

SEEN_BY_LIBRARIES int omp_get_thread_num(void)
{
    return 0;
}
