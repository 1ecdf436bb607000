desk-record-a-record-in-the-log = A record in the log
desk-record-privacy-desk = Privacy desk
desk-record-record-its-entry-and-each = Record <code>{ $record }</code>. Its entry and each change of it is a leaf of a log that cannot be altered unnoticed.
