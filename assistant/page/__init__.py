"""What a reader sees of an answer: values turned into HTML, and the turns of a conversation.

Nothing here knows a web framework: ``html`` is text in, text out, ``conversations`` is a
bounded store in memory, and the style sheet, the script and the mark are plain files.
"""
