/* What responders, the document parent and its children say to each other.
 * All of one build on one host, so structs travel as they are; every reader
 * still checks, because children read hostile files. */
#pragma once
#include "document/document.h"

enum {
    WIRE_MAGIC = 0x31575043, /* "CPW1" */
    WIRE_FILES_MAX = 16,
    WIRE_OCR_MAX = 64,        /* scanned pages of one request */
    WIRE_OUT_BYTES = 4 << 20, /* what one child may say */
    WIRE_FDS_MAX = WIRE_OCR_MAX + 1,
    WIRE_NEEDLES_MAX = 2000
};

enum wire_op { WIRE_READ, WIRE_PROVE, WIRE_OP_MAX };

/* Request: one SEQPACKET message. Descriptors: the reply socket, then one
 * memfd a file (READ) or the PDF and the packed needles (PROVE). */
struct wire_request {
    uint32_t magic;
    uint8_t op, n_files;
    uint8_t kinds[WIRE_FILES_MAX];
    struct document_limits lim;
};

/* Answer on the reply socket. Descriptors: one result a child. */
struct wire_reply {
    uint32_t magic, err, n_fds;
};

/* One page that waits for OCR: page index (from 0) of a file, and its number
 * (from 1) in the document. */
struct wire_ocr {
    uint32_t file, index, number;
};

/* Start of a result memfd; then n_pages times a length (u32) and a packed
 * page, then the packed electronic invoice; bytes in all. */
struct wire_result {
    uint32_t magic, err, n_pages, n_ocr, bytes;
    uint32_t xml_bytes; /* READ: a packed einvoice behind the pages, or 0 */
    uint8_t has_javascript;
    char found[16]; /* PROVE: kind of the needle found */
    struct wire_ocr ocr[WIRE_OCR_MAX];
};

/* Sends a message with up to WIRE_FDS_MAX descriptors, without waiting;
 * false with errno when it could not be sent whole. */
MUST_CHECK bool wire_send(int sock, const void *msg, size_t n, const int *fds,
                          size_t n_fds);
/* Receives one message of exactly n bytes without waiting: 1 = received
 * (descriptors in fds, count in *n_fds), 0 = end, -1 = nothing or not a
 * message of ours (errno EAGAIN or EPROTO). fds holds WIRE_FDS_MAX. */
int wire_recv(int sock, void *msg, size_t n, int *fds, size_t *n_fds);
/* A sealed memfd that holds the bytes; -1 when the system refuses. */
int wire_memfd(const char *name, struct bytes data);

/* Needles and neutral text in one flat piece, and back (checked). */
void wire_needles_pack(struct buf *out, const char *neutral,
                       const struct needle *needles, size_t n);
MUST_CHECK bool wire_needles_unpack(struct arena *a, struct bytes in,
                                    const char **neutral,
                                    struct needle **needles, size_t *n);

/* Makes the client in this process speak on fd from here on (-1: on
 * COMPTOIR_DOCUMENT_FD again). */
void document_client_use(int fd);
