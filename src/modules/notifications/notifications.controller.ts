import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Op } from '../../common/http/operation.js';
import type { Page } from '../../common/pagination/page.js';
import { NotificationDto, NotificationsQuery, NotificationsReadDto, NotificationSummaryDto } from './notifications.dto.js';
import { Notifications } from './notifications.service.js';

@ApiTags('Notifications')
@Controller('v1/notifications')
export class NotificationsController {
  constructor(private readonly notifications: Notifications) {}

  @Get()
  @Op({ summary: 'Notifications of one’s own, newest first', access: 'notifications.own', returns: NotificationDto, page: true })
  list(@Query() query: NotificationsQuery): Promise<Page<NotificationDto>> {
    return this.notifications.list(query);
  }

  @Get('summary')
  @Op({ summary: 'How many notifications are unread', access: 'notifications.own', returns: NotificationSummaryDto })
  summary(): Promise<NotificationSummaryDto> {
    return this.notifications.summary();
  }

  @Get(':id')
  @Op({ summary: 'One notification', access: 'notifications.own', returns: NotificationDto })
  get(@Param('id') id: string): Promise<NotificationDto> {
    return this.notifications.get(id);
  }

  @Post(':id/read')
  @Op({ summary: 'Mark as read', access: 'notifications.own', returns: NotificationDto })
  markRead(@Param('id') id: string): Promise<NotificationDto> {
    return this.notifications.markRead(id);
  }

  @Post(':id/unread')
  @Op({ summary: 'Mark as unread', access: 'notifications.own', returns: NotificationDto })
  markUnread(@Param('id') id: string): Promise<NotificationDto> {
    return this.notifications.markUnread(id);
  }

  @Post('read-all')
  @Op({ summary: 'Mark all as read', access: 'notifications.own', returns: NotificationsReadDto })
  markAllRead(): Promise<NotificationsReadDto> {
    return this.notifications.markAllRead();
  }
}
