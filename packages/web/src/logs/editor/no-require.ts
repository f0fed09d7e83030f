/** `node:module` for @auspex/kql, which loads Microsoft's scripts with it where a bundle has not brought them. */
export const createRequire = () => () => {
  throw new Error('the scripts of the language service are not in the bundle')
}
