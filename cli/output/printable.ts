// Text of others on a terminal: a name in a model file must not move the cursor, recolour the screen or turn the line around.

/** Control characters but tab and line feed (ISO 6429), and those that change the direction of writing (Unicode, UAX 9). */
const COMMANDS = /(?![\t\n])[\p{Cc}\p{Bidi_Control}]/gu

/** The text with each character that a terminal would obey shown as a replacement character. */
export const printable = (text: string): string => text.replaceAll(COMMANDS, '\ufffd')
