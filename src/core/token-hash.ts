import { hash } from 'node:crypto'

/** How a token of random bits is kept. 256 bits need no slow hash: nobody guesses them. @returns SHA-256, in hex */
export const tokenHash = (token: string): string => hash('sha256', token, 'hex')
