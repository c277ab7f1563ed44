// A fingerprint in short groups, to be compared by eye or read out.
import styles from './fingerprint.module.css'

/** @param value hexadecimal digits */
export function Fingerprint({ value }: { value: string }) {
  const groups = value.match(/.{1,4}/g) ?? []
  return (
    <span className={styles.fingerprint} translate="no">
      {groups.map((group, index) => (
        <span key={`${index} ${group}`}>{group} </span>
      ))}
    </span>
  )
}
