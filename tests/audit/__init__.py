"""The audit of the pages as people meet them: ``make audit``. It needs node, java, Chromium and a demo that runs."""
