/**
 * The kernel's memory: laid out here, once; nothing is allocated. Places and sizes are bytes. src/plain/kernel.ts
 * looks at the same places from outside.
 */
export const MAX_FORMS: u32 = 12
export const MAX_MARKS: u32 = 16
export const MAX_PARTS: u32 = 8
export const MAX_CHUNKS: u32 = 64
/** A mark: u64 first bytes of its name, u64 mask, i32 length with the `=`, i32 kind, i32 slot, i32 how it is packed. */
export const MARK_BYTES: u32 = 32
export const FORM_BYTES: u32 = 16 + MAX_MARKS * MARK_BYTES
export const TYPE_SLOTS: u32 = 256
/** A record type: 24 bytes of its name, i32 form + 1. */
export const TYPE_BYTES: u32 = 32
export const PHRASE_SLOTS: u32 = 1 << 17
export const MAX_PHRASES: u32 = 1 << 16
export const PHRASE_HEAP: u32 = 8 << 20
/**
 * A phrase: u64 hash, i32 place in the heap, i32 chunks, i32 place of its fields,
 * i32 how many they are (-1: lines with it are declined), i32 slot in the table, i32 form and part.
 */
export const PHRASE_BYTES: u32 = 32
/** A field of a phrase: i32 name start, name end, value start, value end, i16 id, u8 flags, u8 chunk, i32 slot. */
export const FIELD_BYTES: u32 = 24
/** Fields that a record may have here. */
export const MAX_FIELDS: u32 = 4608
export const INPUT_CAPACITY: u32 = 2 << 20

export const KIND_DECIMAL: u32 = 1
export const KIND_HEX: u32 = 2
export const KIND_TEXT: u32 = 3
export const KIND_BRACES: u32 = 4
export const KIND_BEGIN: u32 = 5
/** `a0="ls" a1=2D6C61 ...` to the end of the line. */
export const KIND_ARGUMENTS: u32 = 6
export const MAX_ARGUMENTS: u32 = 4096
/** Begins a phrase within the appendix. */
export const KIND_BEGIN_ENRICHED: u32 = 7

/** What `scan` answers. */
export const NO_LINE: u32 = 0
export const KNOWN: u32 = 1
export const NEW: u32 = 2
export const DECLINED: u32 = 3

export const SPACE: u32 = 0x20
export const GS: u32 = 0x1d
export const QUOTE: u32 = 0x22
export const APOSTROPHE: u32 = 0x27
export const EQUALS: u32 = 0x3d
export const BRACE: u32 = 0x7b
export const CLOSE_BRACE: u32 = 0x7d
export const NEWLINE: u32 = 0x0a

export const base = (<u32>__heap_base + 63) & ~63
/** The line that was scanned last; see src/kernel.ts for its layout. */
export const LINE = base
export const LINE_BYTES: u32 = 4096
export const FORMS = LINE + LINE_BYTES
/** Arguments of an exec: first number, count | of each where its value begins and ends, and whether it is quoted. */
export const ARGUMENTS = FORMS + MAX_FORMS * FORM_BYTES
export const A_START = ARGUMENTS + 8
export const A_END = A_START + MAX_ARGUMENTS * 4
export const A_QUOTED = A_END + MAX_ARGUMENTS * 4
/** The record that `fill` makes of the line: of each field the four places, its id, its flags. */
export const RECORD = A_QUOTED + MAX_ARGUMENTS * 4
export const R_NAME_START = RECORD
export const R_NAME_END = R_NAME_START + MAX_FIELDS * 4
export const R_VALUE_START = R_NAME_END + MAX_FIELDS * 4
export const R_VALUE_END = R_VALUE_START + MAX_FIELDS * 4
export const R_ID = R_VALUE_END + MAX_FIELDS * 4
export const R_FLAGS = R_ID + MAX_FIELDS * 2
/** By form and part: the phrase that was there last, plus 1. Most lines have it again. */
export const LAST = R_FLAGS + MAX_FIELDS
export const TYPES = LAST + MAX_FORMS * MAX_PARTS * 4
export const PHRASES = TYPES + TYPE_SLOTS * TYPE_BYTES
export const PHRASE_TABLE = PHRASES + MAX_PHRASES * PHRASE_BYTES
export const HEAP = PHRASE_TABLE + PHRASE_SLOTS * 4
/** Rows that a form may have between two `clear`s, and texts that they may have in all. */
export const MAX_ROWS: u32 = 8192
export const MAX_TEXTS: u32 = 1 << 16
export const TEXT_SLOTS: u32 = 1 << 17
export const TEXT_HEAP: u32 = 4 << 20
export const MAX_SLOTS: u32 = 10
/** Of a form's rows: i32 place in the input, i64 time, i64 serial, i64 of each slot. */
export const ROW_BYTES: u32 = 4 + 8 + 8 + MAX_SLOTS * 8
export const ROWS = HEAP + PHRASE_HEAP
export const ROW_COUNTS = ROWS + MAX_FORMS * MAX_ROWS * ROW_BYTES
export const TEXT_TABLE = ROW_COUNTS + MAX_FORMS * 4
/** Of each text: its slot in the table. */
export const TEXT_SLOT = TEXT_TABLE + TEXT_SLOTS * 4
/** Where each text begins in the heap of texts; it ends where the next one begins. */
export const TEXT_STARTS = TEXT_SLOT + MAX_TEXTS * 4
export const TEXTS = TEXT_STARTS + (MAX_TEXTS + 2) * 4
export const INPUT = TEXTS + TEXT_HEAP + 64
export const END = INPUT + INPUT_CAPACITY + 64

// The line, in i32s: end, form, parts, chunks | f64 seconds*1000+millis, f64 serial | header places | lists.
export const L_END = LINE
export const L_FORM = LINE + 4
export const L_PARTS = LINE + 8
export const L_CHUNKS = LINE + 12
export const L_TIME = LINE + 16
export const L_SERIAL = LINE + 24
export const L_ID_START = LINE + 32
export const L_SERIAL_START = LINE + 36
export const L_ID_END = LINE + 40
/** 1: its marks come in the order of the form, and none that begins a phrase is missing. */
export const L_REGULAR = LINE + 44
/** The first part of the appendix; the number of parts where there is none. */
export const L_APPENDIX = LINE + 48
/** Of each part: its phrase's number or -1, its first chunk, u64 hash. */
export const L_PART_PHRASE = LINE + 64
export const L_PART_CHUNK = L_PART_PHRASE + MAX_PARTS * 4
export const L_PART_HASH = L_PART_CHUNK + MAX_PARTS * 4 + 8
/** Of each chunk: where it begins and ends, and the slot behind it or -1. */
export const L_CHUNK_START = L_PART_HASH + MAX_PARTS * 8
export const L_CHUNK_END = L_CHUNK_START + MAX_CHUNKS * 4
export const L_CHUNK_SLOT = L_CHUNK_END + MAX_CHUNKS * 4
/** Of each slot of the form: where its value begins (-1: it is not there) and ends, and whether it is quoted. */
export const L_SLOT_START = L_CHUNK_SLOT + MAX_CHUNKS * 4
export const L_SLOT_END = L_SLOT_START + MAX_MARKS * 4
export const L_SLOT_QUOTED = L_SLOT_END + MAX_MARKS * 4
/** Of each slot that is a number: it. */
export const L_SLOT_NUMBER = L_SLOT_QUOTED + MAX_MARKS * 4
