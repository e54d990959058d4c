/** Every bound of the shell and the userland, in one place. Each is tested at its edge. */

/** Source text of one command (a function, a loop) without its large here-documents; past it the shell is out of memory, as with malloc failing. */
export const MAX_COMMAND_CHARACTERS = 1024 * 1024;
/** Characters of it that are blanks, operators, quotes or expansions: what takes the time. */
export const MAX_COMMAND_MARKS = 24_576;
/** A script is read in pieces of about so many characters, whole commands each, and each is run before the next is read. */
export const SCRIPT_PIECE_CHARACTERS = 8192;
/** Here-documents that are larger are kept beside the command and not in it. */
export const MAX_INLINE_HERE_DOCUMENT_CHARACTERS = 8192;
/** Characters of a script that are read in one charged step. */
export const CHARACTERS_READ_PER_STEP = 128;
/** Nested function calls, `eval`, `.`, traps and command substitutions inside one process. Linux gives ash about 8 MB of stack. */
export const MAX_CALL_DEPTH = 600;
/** Characters that one command's expansion may produce. */
export const MAX_EXPANSION_CHARACTERS = 64 * 1024 * 1024;
/** A value of so many characters is large: what is done with it is done in pieces, between which time passes. */
export const LARGE_VALUE_CHARACTERS = 8192;
/** Text of one program of awk or sed, which is read in one go: as long as an argument may be. */
export const MAX_PROGRAM_CHARACTERS = 131_072;
/** Text of one arithmetic expression. */
export const MAX_ARITHMETIC_CHARACTERS = 65_536;
/** Words that one command's expansion may produce. */
export const MAX_EXPANSION_WORDS = 1024 * 1024;
/** Paths that a glob looks at before it is charged for them, with how many steps; and how many such parts go in one piece with the words around it. */
export const GLOB_ENTRIES_PER_CHARGE = 256;
export const STEPS_PER_GLOB_CHARGE = 64;
export const GLOB_PARTS_AT_ONCE = 8;
/** Words that braces of one word may produce: `{1..100000}{1..100000}`. */
export const MAX_BRACE_WORDS = 262_144;
/** Parsed scripts kept by their source text, and how much source they may hold together. */
export const MAX_CACHED_SCRIPTS = 512;
export const MAX_CACHED_SCRIPT_CHARACTERS = 8 * 1024 * 1024;
/** Compiled patterns and arithmetic expressions kept by their text. */
export const MAX_CACHED_PATTERNS = 512;
/** Characters that a scan passes over in one charged step. */
export const SCANNED_CHARACTERS_PER_STEP = 1024;
/** Steps of the backtracking matchers (extended globs, regular expressions with back references) before they give up. */
export const MAX_MATCH_STEPS = 500_000;
/** Steps of a matcher, or characters that are looked at one by one, that one charged step stands for. */
export const MATCH_STEPS_PER_STEP = 64;
/** In a text of so many characters a regular expression is looked for in parts. */
export const LONG_TEXT_CHARACTERS = 1024;
/** Bytes that a read or write moves at a time, as stdio's and busybox's copy buffers. */
export const IO_CHUNK_BYTES = 65_536;
/** Variable bytes that may gather before they are reported to the kernel's memory accounting. */
export const MEMORY_REPORT_BYTES = 4096;
/** Bytes of text that one charged step stands for. */
export const BYTES_PER_STEP = 4096;
/** Lines or records that a command takes out of one chunk before it is charged for what it does with them, and how much. */
export const LINES_PER_CHARGE = 64;
export const STEPS_PER_CHARGE = 16;
/** Recursion depth of arithmetic: `((((…` and variables that name variables. */
export const MAX_ARITHMETIC_DEPTH = 256;
/** Aliases replaced in one command. */
export const MAX_ALIAS_DEPTH = 32;
