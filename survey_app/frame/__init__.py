"""Frame: who is to be asked. Schools, their enrolment (the roster), and waves that freeze both."""
