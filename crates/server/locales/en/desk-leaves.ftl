desk-leaves-in-the-log = In the log
desk-leaves-no-leaf-about-it-is = No leaf about it is near.
desk-leaves-leaf-by = <a>leaf { $leaf }</a> { $what } by <code>{ $by }</code>, { $at }
desk-leaves-entered = entered
desk-leaves-changed = changed
