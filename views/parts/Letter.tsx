import React, { useState } from 'react'

export interface LetterProps {
  subject: string | null
  text: string
  /** Of an e-mail. */
  html: string | null
}

/**
 * A message as its reader sees it. The HTML stands in a frame without rights: it runs no script, sends no form, opens no
 * window, and cannot reach this page.
 */
export function Letter({ subject, text, html }: LetterProps) {
  const [plain, setPlain] = useState(false)
  if (html === null) return <p className="letter-bubble">{text}</p>
  return (
    <div className="letter">
      <div className="letter-head">
        <strong>{subject === null || subject === '' ? 'No subject' : subject}</strong>
        <button type="button" className="button button-small" onClick={() => setPlain(!plain)}>
          {plain ? 'As it looks' : 'As plain text'}
        </button>
      </div>
      {plain ? (
        <pre className="letter-text">{text}</pre>
      ) : (
        <iframe className="letter-frame" title="The message as its reader sees it" sandbox="" srcDoc={html} />
      )}
    </div>
  )
}
