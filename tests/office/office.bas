REM Does in LibreOffice what tests/office.rs asks for: the lines of the file in OFFICE_ORDERS, each
REM some words parted by tabs. What there is to answer goes to the file in OFFICE_ANSWERS.
REM
REM   type   CELL TEXT            types a text into a cell, as a person would
REM   judge  CELL TEXT            types it, answers whether the rule of the cell refuses it, takes it back
REM   note   CELL                 answers the note of a cell
REM   save   URL FILTER OPTIONS   saves the workbook

Private answers

Sub Run()
    Dim hidden(0) As New com.sun.star.beans.PropertyValue
    answers = CreateUnoService("com.sun.star.io.TextOutputStream")
    answers.setEncoding("UTF-8")
    files = CreateUnoService("com.sun.star.ucb.SimpleFileAccess")
    answers.setOutputStream(files.openFileWrite(Environ("OFFICE_ANSWERS")))
    On Error Goto Failed
    hidden(0).Name = "Hidden"
    hidden(0).Value = True
    workbook = StarDesktop.loadComponentFromURL(Environ("OFFICE_WORKBOOK"), "_blank", 0, hidden())
    orders = CreateUnoService("com.sun.star.io.TextInputStream")
    orders.setEncoding("UTF-8")
    orders.setInputStream(files.openFileRead(Environ("OFFICE_ORDERS")))
    Do While Not orders.isEOF()
        order = orders.readLine()
        If order <> "" Then Obey(workbook, Split(order, Chr(9)))
    Loop
    workbook.close(True)
    answers.writeString("done" & Chr(10))
    answers.closeOutput()
    Exit Sub
Failed:
    answers.writeString("failed: " & Error$ & " in line " & Erl & ", order " & order & Chr(10))
    answers.closeOutput()
End Sub

Sub Obey(workbook, words)
    sheet = workbook.Sheets.getByIndex(0)
    If words(0) = "save" Then
        Save(workbook, words)
        Exit Sub
    End If
    cell = sheet.getCellRangeByName(words(1))
    Select Case words(0)
        Case "type"
            cell.FormulaLocal = words(2)
        Case "judge"
            Judge(sheet, cell, words)
        Case "note"
            answers.writeString(words(1) & " " & cell.Annotation.String & Chr(10))
    End Select
End Sub

Sub Judge(sheet, cell, words)
    before = cell.FormulaLocal
    cell.FormulaLocal = words(2)
    If cell.FormulaLocal = before Then
        answer = " locked: "
    ElseIf sheet.showInvalid() Then
        answer = " refused: "
    Else
        answer = " taken: "
    End If
    answers.writeString(words(1) & answer & words(2) & " shown as " & cell.String & Chr(10))
    sheet.clearArrows()
    cell.FormulaLocal = before
End Sub

Sub Save(workbook, words)
    Dim how(1) As New com.sun.star.beans.PropertyValue
    how(0).Name = "FilterName"
    how(0).Value = words(2)
    how(1).Name = "FilterOptions"
    how(1).Value = words(3)
    workbook.storeToURL(words(1), how())
End Sub
