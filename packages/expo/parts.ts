/**
 * A value that is too large for one item is stored in parts: `latchkey.session.a.0`, `latchkey.session.a.1`… The item
 * of its key, the head, then says which parts are valid. A value is written into the set of parts that is not valid, `a`
 * or `b`, so that a crash between two writes leaves the old value whole.
 */

/** expo-secure-store advises against more than 2048 bytes, because some versions of iOS refused them. */
const MAX_BYTES = 2048
/** A session is 2 KB, and at most 4 KB. */
export const MAX_PARTS = 16

export type PartSet = 'a' | 'b'
export type Parts = { set: PartSet; count: number }

export const headOf = ({ set, count }: Parts): string => `latchkey-parts:${set}:${count}`

/** @returns null for a head that is the value itself, and for none. */
export function partsOf(head: string | null): Parts | null {
  const found = /^latchkey-parts:([ab]):(\d{1,2})$/.exec(head ?? '')
  return found && { set: found[1] as PartSet, count: Number(found[2]) }
}

export const partName = (key: string, set: PartSet, index: number): string =>
  `${key}.${set}.${index}`

/**
 * Splits a value into pieces of at most 2048 bytes of UTF-8, between characters.
 * @throws RangeError when there would be too many.
 */
export function splitValue(value: string): string[] {
  const parts = ['']
  let room = MAX_BYTES
  for (const character of value) {
    const bytes = utf8Length(character.codePointAt(0)!)
    if (bytes > room) {
      parts.push('')
      room = MAX_BYTES
    }
    parts[parts.length - 1] += character
    room -= bytes
  }
  if (parts.length > MAX_PARTS) throw new RangeError('the value is too large to be stored')
  return parts
}

const utf8Length = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x1_0000 ? 3 : 4
