/** `fs` for scripts that ask for it and never use it in a browser. */
export default {}
