import { createConsole } from './app.ts'

export default createConsole()
