/** Microsoft's scripts take their CommonJS branch in a bundle, and that reads `global`. */
Object.assign(globalThis, { global: globalThis })
