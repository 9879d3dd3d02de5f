/** Stems that stand in many passages of contracts, pleadings, testimony and letters. A phrase of these alone would be looked for in all of them. */
export const COMMON_ENGLISH: ReadonlySet<string> = new Set(`
  the of and to in or a by for be ani with agreement thi as shall that such s other it on not parti all is 1 provid will 2 mai includ which from under
  at us 3 term have an right each ar section if agre product b applic date reason 5 requir 4 respect time ha no oblig servic inform written upon limit
  i effect 6 subject law relat set c materi without follow dai 8 confidenti request perform prior sourc author notic 10 7 event otherwis accord within
  than ii forth busi been compani dure pursuant inc termin after period provision but order e condition sale approv third except file make licens 9
  exhibit d cost connec addition either secur made between purpos state write page payment hereund document respons sole receiv expens oper repres
  affili person mean gener own specif part 12 design herein their develop contain 11 commerci act control custom action deem permit result non deliv
  necessari purchas fee properti claim extent 14 iii caus amount unless onli deliveri good into manag out exchang name case amend separ then thereof
  breach liabil commis avail year agent first manufactur market copi grant execut employe determin consent forego pai f work maintain refer activ 13
  defin 30 form offic report obtain whether contract through herebi articl warranti schedul assign against due regul abov price 15 month so more exclus
  interest issu continu suppli notifi chang hereto treatment accept new base effort end aris mutual compli program unit notwithstand transfer
  acknowledg system receipt same enter legal further regard promptli account k describ data process plan govern number appropri damag mainten execu
  howev softwar rule below similar complet take matter doe initi paid full associ portion standard attach support list hold corpor distributor both
  offer failur public those must specifi statement certain when conduct titl becom disclos would omit intellectu complianc remain entiti expressli
  regulatori appli record expir manner meet site mark represent technolog hereof constitut share advertis affect territori trademark incur behalf exist
  do immedi access also patent neither iv forc promotion charg basi sell current remedi version who directli 2019 locat commun g court proceed
  government director 18 give relev user per bind faith 19 entitl given place benefit 16 enforc joint trade disclosur less address return collect
  jurisdic equip direct where practic 60 distribu transac independ establish identifi actual procedur power thirti assist proprietari two u content
  commenc submit least thei ownership review nor produc until financi bank asset ensur loss replac coven cooper befor plaintiff defendant motion judg
  judgment testimoni wit deposi evid hear trial counsel attornei client question answer he she his her him what did know said say think ye you your me
  my we our sir mr ms mrs line object correct recal go can could should about there them they were some one like just see look read letter email mail
  sent call told insur polici employ plaintif defend alleg injuri medic tenant landlord leas premis rent lender borrow loan buyer seller stock
  sharehold board
`.trim().split(/\s+/));
