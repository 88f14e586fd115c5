/* pages/parts: what the generator's files share among themselves. */
#ifndef TOOLS_PAGES_PARTS_H
#define TOOLS_PAGES_PARTS_H

#include "pages.h"

/* One template being compiled. */
struct compiler {
    struct arena *arena;
    const char *path;
    struct str source;
    struct complaints *complaints;
};

/* ---- complaints ---- */

/* Complain about the byte `at`, which lies in the source (or at its end). Always false. */
bool complain(const struct compiler *compiler, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int line_of(const struct compiler *compiler, const char *at);

/* ---- tokens: template.c ---- */

enum word {
    WORD_NONE, /* an expression */
    WORD_INCLUDE,
    WORD_PAGE,
    WORD_END,
    WORD_IF,
    WORD_ELIF,
    WORD_ELSE,
    WORD_FOR,
    WORD_T,
    WORD_CALL,
    WORD_WRAP,
    WORD_SLOT,
    WORD_JSON
};

enum token_kind { TOKEN_LITERAL, TOKEN_TAG, TOKEN_END };

struct token {
    enum token_kind kind;
    enum word word;
    struct str whole; /* with its braces */
    struct str text;  /* literal; or what follows the word, trimmed */
};

struct template
{
    const struct compiler *compiler;
    size_t at;
};

bool template_next(struct template *template, struct token *token);

/* ---- expressions: expression.c ---- */

/* Is it C without assignment, call, statement or comment? Commas at the top count as several. */
bool expression_check(const struct compiler *compiler, struct str text);
/* One expression: checked, and no comma at the top. */
bool expression_single(const struct compiler *compiler, struct str text);
/* The parts between the commas at the top, trimmed; none for an empty text. */
size_t expression_split(struct arena *arena, struct str text, struct str **parts);
/* The identifier at the head of `text`, or an empty one. */
struct str identifier_head(struct str text);
/* One or several adjacent string literals and nothing else? */
bool expression_is_literal(struct str text);

/* ---- operations: ops.c ---- */

struct op *ops_add(struct arena *arena, struct ops *ops, enum op_kind kind, int line);
/* A byte of markup, joined to the literal before it. */
struct writer {
    struct arena *arena;
    struct ops *ops;
    struct buf pending; /* literal bytes not yet an operation */
    int line;
};
void writer_byte(struct writer *writer, char byte);
void writer_c(struct writer *writer, const char *text);
/* Make the pending bytes an operation. */
void writer_flush(struct writer *writer);
/* Drop blanks at the end of the pending bytes. */
void writer_trim(struct writer *writer);
struct op *writer_op(struct writer *writer, enum op_kind kind, int line);

/* ---- HTML: markup.c, places.c, elements.c, tags.c, attributes.c, address.c ---- */

enum markup_state {
    MARKUP_TEXT,
    MARKUP_TAG,       /* inside a start tag, a blank was seen */
    MARKUP_TAG_GLUED, /* inside a start tag, right behind a name or value */
    MARKUP_VALUE,     /* inside quotes */
    MARKUP_WORDS,     /* in <title> or <textarea> */
    MARKUP_JSON,      /* in <script type="application/json"> */
    MARKUP_EMPTY      /* in <script src="..."> */
};

enum address_place {
    ADDRESS_NONE,     /* not in an address */
    ADDRESS_START,    /* nothing of it yet */
    ADDRESS_HOST,     /* of another site, in <a href> */
    ADDRESS_PATH,     /* behind something of a path */
    ADDRESS_SLASH,    /* behind "/" in a path */
    ADDRESS_DOT,      /* behind "." in a path */
    ADDRESS_SEGMENT,  /* right behind a value in a path */
    ADDRESS_QUERY,    /* behind "?" or "#" */
    ADDRESS_WHOLE,    /* behind a struct link */
    ADDRESS_UNCERTAIN /* the branches of an {{if}} differ */
};

enum { ATTRIBUTES_MAX = 48, ELEMENTS_MAX = 64, NOTES_MAX = 256 };

struct attribute {
    struct str name;  /* as written */
    struct buf raw;   /* value as written, tags of the template included */
    bool has_value;   /* name="..." */
    bool computed;    /* holds a tag of the template */
    bool conditional; /* stands inside an {{if}} */
    bool hidden;      /* of another branch: its name may come again */
};

struct element {
    struct str name;
    bool untranslated; /* inside translate="no" */
};

/* What a block must leave as it found it. */
struct position {
    enum markup_state state;
    enum address_place address;
    int depth;
    int attribute_count;
    const char *tag_at;
    bool blank; /* the last byte of text was one */
};

/* A control that needs a label, or a label's aim. */
struct note {
    const char *at;
    struct str id;
};

struct markup {
    const struct compiler *compiler;
    struct writer *writer;
    enum markup_state state;
    enum address_place address;
    char quote;
    bool blank; /* the last byte of text was one, for collapsing */
    int blocks; /* {{if}} and {{for}} open around here */
    int floor;  /* elements below it belong to an outer block */
    int depth;
    int base; /* elements below it are outside of the innermost {{wrap}}, whose page holds these */
    struct element elements[ELEMENTS_MAX];
    /* the start tag being read */
    struct str tag;
    const char *tag_at;
    int tag_blocks; /* open where the tag began */
    struct attribute attributes[ATTRIBUTES_MAX];
    int attribute_count;
    /* of the page */
    struct note controls[NOTES_MAX];
    int control_count;
    struct note labels[NOTES_MAX];
    int label_count;
};

void markup_begin(struct markup *markup, const struct compiler *compiler, struct writer *writer);
void markup_free(struct markup *markup);
/* The page is over. */
bool markup_end(struct markup *markup, const char *at);
bool markup_literal(struct markup *markup, struct str text);
/* Where a value stands decides its operation; complaints when it cannot stand here. */
bool markup_value(struct markup *markup, struct str whole, struct str expression);
bool markup_text(struct markup *markup, struct str whole, const struct op *text);
bool markup_json(struct markup *markup, struct str whole, struct str expression);
/* May a block ({{if}}, {{for}}, {{wrap}}) begin here? Fills where it begins. */
bool markup_block(struct markup *markup, struct str whole, enum word word, struct position *before);
/* A branch that began at `before` ends: the place must be the same. `merged` is what the branches
 * leave, `first` tells that this is the first one. The next branch begins at `before` again. */
bool markup_branch_end(struct markup *markup, const struct position *before, struct str whole,
                       struct position *merged, bool first);
/* The block may be passed over ({{if}} without {{else}}) or run again (`loop`). */
bool markup_skip(struct markup *markup, const struct position *before, struct str whole, bool loop,
                 struct position *merged);
/* All branches have ended. */
void markup_join(struct markup *markup, const struct position *before,
                 const struct position *merged);
/* May a page be called (or a slot be) here? */
bool markup_call(struct markup *markup, struct str whole);
/* Note a tag of the template as part of the value being read. */
void markup_raw(struct markup *markup, struct str whole);

/* elements.c */
bool element_is_void(struct str name);
/* Known, and allowed where it stands. */
bool element_check(const struct markup *markup, struct str name, const char *at);
/* May words stand directly in the innermost element? */
bool element_takes_words(const struct markup *markup);
bool element_in_svg(const struct markup *markup);
bool element_open(const struct markup *markup, const char *name);

/* attributes.c */
struct attribute *attribute_current(struct markup *markup);
/* An attribute's name has been read. */
bool attribute_begin(struct markup *markup, struct str name, bool has_value);
/* May an expression, or a text, stand in the value being read? */
bool attribute_takes_value(struct markup *markup, struct str whole);
bool attribute_takes_text(struct markup *markup, struct str whole);
/* Is it read by people, so that letters need {{t}}? */
bool attribute_is_read(const struct markup *markup);
/* The value is complete. */
bool attribute_done(struct markup *markup, const char *at);
/* The attribute of the tag being read, or NULL. */
const struct attribute *attribute_find(const struct markup *markup, const char *name);
/* Its value is this literal. */
bool attribute_is(const struct attribute *attribute, const char *value);

/* tags.c */
/* The start tag is complete: what it must have, and what may not go together. */
bool tag_check(struct markup *markup);
/* Does each control of the page have its label? */
bool labels_check(const struct markup *markup);

/* address.c */
bool address_is(struct str element, struct str attribute);
/* One literal byte of an address at `at`; `rest` begins with it. Sets *taken bytes. */
bool address_literal(struct markup *markup, struct str rest, size_t *taken);
bool address_value(struct markup *markup, struct str whole, struct str expression);

/* letters.c */
/* Does a letter of any script begin `text`, which is not empty? *length is the character's bytes.
 */
bool letter_head(struct str text, size_t *length);
/* Bytes of the character reference ("&amp;", "&#39;") at the head of `text`; 0 when it is none. */
size_t entity_length(struct str text);

#endif
