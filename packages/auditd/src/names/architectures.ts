/**
 * Architectures by the value of `arch=`: the ELF machine number, 0x80000000 for 64 bits, 0x40000000 for little
 * endian. Source: linux/audit.h and linux/elf-em.h; names as ausearch prints them.
 */
export const ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['c000003e', 'x86_64'],
  ['40000003', 'i386'],
  ['c00000b7', 'aarch64'],
  ['40000028', 'arm'],
  ['28', 'armeb'],
  ['14', 'ppc'],
  ['80000015', 'ppc64'],
  ['c0000015', 'ppc64le'],
  ['16', 's390'],
  ['80000016', 's390x'],
  ['c00000f3', 'riscv64'],
  ['400000f3', 'riscv32'],
  ['c0000032', 'ia64'],
  ['8', 'mips'],
  ['40000008', 'mipsel'],
  ['80000008', 'mips64'],
  ['c0000008', 'mipsel64'],
  ['c0000102', 'loongarch64'],
])
