/** Owns how names are made comparable in the console: folded for searching, and as ids in addresses. */

/** Lower case, without marks, words parted by one space: as somebody types who looks for it in a hurry. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/[^\p{L}\p{N}.-]+/gu, ' ')
    .trim();
}

/** A name as an id: `Sở Tư pháp Hà Nội` → `so-tu-phap-ha-noi`. */
export function idFrom(name: string): string {
  return folded(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
}
