import React, { useCallback, useEffect, useRef, useState } from 'react'
import { Route, Routes, useLocation } from 'react-router-dom'
import { AccessReviewScreen } from '../access-review/AccessReviewScreen.tsx'
import { ActionDialogProvider } from '../action/ActionDialog.tsx'
import { ApprovalsScreen } from '../approvals/ApprovalsScreen.tsx'
import { AuditScreen } from '../audit/AuditScreen.tsx'
import { JobsScreen } from '../jobs/JobsScreen.tsx'
import { ReviewScreen } from '../board/ReviewScreen.tsx'
import { CalendarScreen } from '../calendar/CalendarScreen.tsx'
import { Home } from '../home/Home.tsx'
import { MoneyScreen } from '../money/MoneyScreen.tsx'
import { ConfirmProvider } from '../parts/Confirm.tsx'
import { ErrorBoundary } from '../parts/ErrorBoundary.tsx'
import { StatementScreen } from '../payouts/StatementScreen.tsx'
import { PrivacyScreen } from '../privacy/PrivacyScreen.tsx'
import { RecordScreen } from '../record/RecordScreen.tsx'
import { usePaths } from '../session.ts'
import { Banners } from '../shell/Banners.tsx'
import { Notices } from '../shell/Notices.tsx'
import {
  BulkActionScreen,
  NotFoundScreen,
  PageScreen,
  ResourceActionScreen,
  ResourceScreen,
  useFocusOnNavigation,
} from '../shell/screens.tsx'
import { Sidebar } from '../shell/Sidebar.tsx'
import { FindSlotScreen } from '../slots/FindSlotScreen.tsx'
import { TopBar } from '../shell/TopBar.tsx'
import { ImportScreen } from '../transfer/ImportScreen.tsx'
import { WeekScreen } from '../week/WeekScreen.tsx'
import { applyRememberedTheme } from '../theme.ts'

applyRememberedTheme()

/** The back office: AdminJS's page, data and addresses, with this project's shell and screens. */
export default function Application() {
  const { pathname } = useLocation()
  const [openedOn, setOpenedOn] = useState<string | null>(null)
  // a new page comes with the drawer closed: behind an open one it could not take the focus
  const sidebarOpen = openedOn === pathname
  const main = useRef<HTMLElement>(null)
  const menuButton = useRef<HTMLButtonElement>(null)
  const closeSidebar = useCallback(() => setOpenedOn(null), [])
  useEffect(closeSidebar, [closeSidebar, pathname])
  useFocusOnNavigation(main)
  // React 18 knows no boolean of this name
  const behind = sidebarOpen ? { inert: '' } : {}
  return (
    <ConfirmProvider>
      <ActionDialogProvider>
        <div className="app">
          <a className="skip-link" href="#main" {...behind}>
            Skip to the content
          </a>
          <Sidebar open={sidebarOpen} close={closeSidebar} opener={menuButton} />
          <div className="page" {...behind}>
            <header>
              <TopBar menuButton={menuButton} sidebarOpen={sidebarOpen} openSidebar={() => setOpenedOn(pathname)} />
              <Banners />
            </header>
            <main id="main" ref={main} tabIndex={-1}>
              <ErrorBoundary key={pathname}>
                <Screens />
              </ErrorBoundary>
            </main>
          </div>
          <Notices />
        </div>
      </ActionDialogProvider>
    </ConfirmProvider>
  )
}

function Screens() {
  const { rootPath } = usePaths()
  return (
    <Routes>
      <Route path={rootPath}>
        <Route index element={<Home />} />
        <Route path="resources/:resourceId" element={<ResourceScreen />} />
        <Route path="resources/:resourceId/actions/import" element={<ImportScreen />} />
        <Route path="resources/:resourceId/actions/:actionName" element={<ResourceActionScreen />} />
        <Route path="resources/:resourceId/records/:recordId/:actionName" element={<RecordScreen />} />
        <Route path="resources/:resourceId/bulk/:actionName" element={<BulkActionScreen />} />
        <Route path="pages/calendar" element={<CalendarScreen />} />
        <Route path="pages/find-slot" element={<FindSlotScreen />} />
        <Route path="pages/review" element={<ReviewScreen />} />
        <Route path="pages/audit" element={<AuditScreen />} />
        <Route path="pages/privacy" element={<PrivacyScreen />} />
        <Route path="pages/access-review" element={<AccessReviewScreen />} />
        <Route path="pages/jobs" element={<JobsScreen />} />
        <Route path="pages/money" element={<MoneyScreen />} />
        <Route path="pages/statement" element={<StatementScreen />} />
        <Route path="pages/approvals" element={<ApprovalsScreen />} />
        <Route path="pages/working-week" element={<WeekScreen />} />
        <Route path="pages/:pageName" element={<PageScreen />} />
      </Route>
      <Route path="*" element={<NotFoundScreen />} />
    </Routes>
  )
}
